//! Which rows of a list are shown where there is no room for all.

/// The first of `count` rows to show in `height` lines so that `cursor` is in sight, from no state but that:
/// it stands in the middle, but at the ends.
#[must_use]
pub fn scrolled(cursor: usize, count: usize, height: usize) -> usize {
    cursor
        .saturating_sub(height / 2)
        .min(count.saturating_sub(height))
}

/// The first of `count` rows to show in `height` lines so that `cursor` is in sight, moved as little as possible from
/// `top`, and no line wasted below the last.
#[must_use]
pub fn in_sight(top: usize, cursor: usize, count: usize, height: usize) -> usize {
    let most = count.saturating_sub(height);
    let least = (cursor + 1).saturating_sub(height);
    top.clamp(least, cursor.max(least)).min(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_moves_only_when_its_cursor_leaves_the_window() {
        for (count, height) in (1..20).flat_map(|c| (1..25).map(move |h| (c, h))) {
            for (top, cursor) in (0..count).flat_map(|t| (0..count).map(move |c| (t, c))) {
                let now = in_sight(top, cursor, count, height);
                assert!((now..now + height).contains(&cursor));
                assert!(now == 0 || now + height <= count);
                let was_fine = (top..top + height).contains(&cursor) && top + height <= count;
                assert!(!was_fine || now == top);
            }
        }
    }

    #[test]
    fn the_cursor_is_in_sight_and_no_line_is_wasted() {
        for (count, height) in (0..20).flat_map(|c| (1..25).map(move |h| (c, h))) {
            for cursor in 0..count {
                let top = scrolled(cursor, count, height);
                assert!((top..top + height).contains(&cursor));
                assert!(top == 0 || top + height <= count);
            }
        }
    }
}
