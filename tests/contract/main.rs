//! What a desk is: everything a console relies on, whatever desk it speaks to.
//!
//! A [`World`](world::World) makes a desk with a small team; each case is run against each world.

mod acting;
mod deeds;
mod finding;
mod handback_world;
mod hearing;
mod listing;
mod people;
mod world;

/// Every case, on one kind of desk.
macro_rules! contract {
    ($world:ty: $($module:ident::$case:ident)*) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $case() {
            let world = <$world as crate::world::World>::start().await;
            crate::$module::$case(&world).await;
        }
    )*};
}

mod handback {
    contract! { crate::handback_world::Served:
        listing::one_is_who_one_is
        listing::l1_pages_go_both_ways_and_hold_everything_once
        listing::a_page_is_found_around_a_conversation_and_from_the_end
        listing::views_queues_and_counts_agree
        listing::a_filter_finds_words_of_the_name_and_digits_of_the_address
        finding::f1_words_are_found_in_contacts_and_in_messages
        finding::f1_v7_closed_ones_are_found_and_fields_narrow
        finding::v8_what_one_may_not_see_is_not_found
        listing::v8_what_one_may_not_see_is_not_there
        listing::messages_come_newest_first_in_pages
        listing::messages_and_history_go_both_ways
        listing::r2_r6_one_message_is_had_whole_and_by_its_codes
        listing::p3_a_contact_is_known_with_its_other_conversations
        acting::u3_unassign_is_done_and_then_already
        acting::u5_somebody_else_has_it_by_now
        acting::u2_who_may_not_is_refused_by_rule
        acting::r21_an_unknown_answer_is_found_out_with_the_same_operation
        acting::a6_take_is_done_already_or_not_there
        acting::a1_a_reply_owns_and_is_sent_once
        acting::a_colleagues_word_in_between_crosses_a_reply
        acting::u7_each_of_many_by_itself_and_one_undo_for_all
        acting::u6_undo_gives_back_or_says_why_not
        acting::u9_the_history_tells_who_did_what
        deeds::a6_assigning_is_giving_it_to_somebody
        deeds::q8_q6_moving_clears_the_assignee_and_an_inactive_queue_takes_nothing
        deeds::s3_a_status_is_of_the_list
        deeds::s1_v7_closing_takes_it_off_the_list_and_reopening_puts_it_back
        deeds::s5_nothing_is_sent_to_who_is_blocked
        deeds::n1_a_note_is_in_the_history_alone
        deeds::s4_without_a_bot_there_is_nothing_to_end
        deeds::a7_m1_the_owner_sees_and_notes_what_it_may_not_send_away
        deeds::u7_many_are_spread_moved_and_left_alone_if_not_quiet
        hearing::r31_what_happens_is_heard_and_a_resume_repeats_it_once
        hearing::v1_what_a_colleague_takes_is_gone
        hearing::u8_the_former_assignee_is_told
        people::l3_who_is_there_is_told_and_shown
        people::people_are_ones_own_with_what_they_have_to_do
        people::u7_an_outlook_moves_the_oldest_and_says_why_others_stay
        people::u9_acts_tell_what_became_of_their_conversations
    }
}
