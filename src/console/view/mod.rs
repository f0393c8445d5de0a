//! What is shown.
pub mod window { use crate::console::model::Model; 
 /// x
 pub fn top_for(_: &Model)->usize{0} 
 /// x
 pub fn rows_per_page(_: &Model)->usize{10} 
 /// x
 pub fn in_sight(_: &Model)->std::ops::Range<usize>{0..10} }
pub mod hit { use crate::{console::model::Model, desk::View, domain::id::ConversationId};
 /// x
 #[derive(Debug)]
 pub enum Target { Row(ConversationId), Tab(View), Queue, Dots, MenuItem(usize), PickerItem(usize), Conversation, List }
 /// x
 pub fn hit(_: &Model, _: u16, _: u16)->Option<Target>{None} }
pub mod layout { use crate::console::model::Model; pub struct Layout{pub messages: ratatui::layout::Rect} impl Layout{ pub fn of(_: &Model)->Self{Layout{messages:ratatui::layout::Rect::new(0,0,10,10)}}} }
pub mod conversation { use crate::console::model::Model; pub fn max_scroll(_: &Model)->usize{100} }
pub mod time { use crate::{say, console::model::Model, domain::{moment::Moment, text::Safe}}; pub fn of_day(_: &Model, m: Moment)->Safe{ say!("{}", m.0) } }
pub fn view(_: &crate::console::model::Model, _: &crate::console::theme::Theme, _: &mut ratatui::buffer::Buffer) -> Option<(u16,u16)> { None }
