//! The nearest colour a terminal has.

use ratatui::style::Color;

use crate::console::terminal::abilities::Colours;

/// The sixteen, as most terminals show them. People change them; the nearest one is a guess by nature.
const SIXTEEN: [(Color, [u8; 3]); 16] = [
    (Color::Black, [0, 0, 0]),
    (Color::Red, [205, 0, 0]),
    (Color::Green, [0, 205, 0]),
    (Color::Yellow, [205, 205, 0]),
    (Color::Blue, [0, 0, 238]),
    (Color::Magenta, [205, 0, 205]),
    (Color::Cyan, [0, 205, 205]),
    (Color::Gray, [229, 229, 229]),
    (Color::DarkGray, [127, 127, 127]),
    (Color::LightRed, [255, 0, 0]),
    (Color::LightGreen, [0, 255, 0]),
    (Color::LightYellow, [255, 255, 0]),
    (Color::LightBlue, [92, 92, 255]),
    (Color::LightMagenta, [255, 0, 255]),
    (Color::LightCyan, [0, 255, 255]),
    (Color::White, [255, 255, 255]),
];

/// The steps of the colour cube, 16 to 231 of the 256.
const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];

/// The colour nearest to `colour` among those the terminal has. The sixteen are always named, never indexed, so that
/// equal colours are equal.
pub(super) fn nearest(colour: Color, colours: Colours) -> Color {
    match (colours, colour) {
        (Colours::None, _) => Color::Reset,
        (_, Color::Indexed(index @ 0..16)) => SIXTEEN[usize::from(index)].0,
        (Colours::Sixteen, Color::Indexed(index)) => nearest_of_sixteen(of_index(index)),
        (Colours::Sixteen, Color::Rgb(r, g, b)) => nearest_of_sixteen([r, g, b]),
        (Colours::Indexed, Color::Rgb(r, g, b)) => nearest_of_256([r, g, b]),
        _ => colour,
    }
}

/// The place of one of the sixteen.
pub(super) fn index_of_sixteen(colour: Color) -> Option<u8> {
    (0u8..)
        .zip(SIXTEEN)
        .find(|(_, (named, _))| *named == colour)
        .map(|(index, _)| index)
}

fn nearest_of_sixteen(rgb: [u8; 3]) -> Color {
    SIXTEEN
        .iter()
        .min_by_key(|(_, known)| distance(rgb, *known))
        .map_or(Color::Reset, |(named, _)| *named)
}

fn nearest_of_256(rgb: [u8; 3]) -> Color {
    let step = |value: u8| {
        (0u8..)
            .zip(STEPS)
            .min_by_key(|(_, step)| value.abs_diff(*step))
            .map_or(0, |(index, _)| index)
    };
    let [r, g, b] = rgb.map(step);
    let cube = 16 + 36 * r + 6 * g + b;
    let light = rgb.iter().map(|value| u16::from(*value)).sum::<u16>() / 3;
    let grey = 232 + (light.saturating_sub(3) / 10).min(23) as u8;
    let nearer = |a: u8, b: u8| {
        if distance(rgb, of_index(a)) <= distance(rgb, of_index(b)) {
            a
        } else {
            b
        }
    };
    Color::Indexed(nearer(cube, grey))
}

/// What an index above the sixteen looks like.
fn of_index(index: u8) -> [u8; 3] {
    match index {
        0..16 => SIXTEEN[usize::from(index)].1,
        16..232 => {
            let cube = index - 16;
            [cube / 36, cube / 6 % 6, cube % 6].map(|step| STEPS[usize::from(step)])
        }
        232.. => [8 + 10 * (index - 232); 3],
    }
}

fn distance(a: [u8; 3], b: [u8; 3]) -> u32 {
    a.iter()
        .zip(b)
        .map(|(a, b)| u32::from(a.abs_diff(b)).pow(2))
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r16_a_colour_the_terminal_lacks_becomes_the_nearest() {
        assert_eq!(
            nearest(Color::Rgb(250, 10, 10), Colours::Sixteen),
            Color::LightRed
        );
        assert_eq!(
            nearest(Color::Rgb(255, 135, 0), Colours::Indexed),
            Color::Indexed(208)
        );
        assert_eq!(
            nearest(Color::Rgb(120, 120, 120), Colours::Indexed),
            Color::Indexed(243)
        );
        assert_eq!(
            nearest(Color::Indexed(208), Colours::Sixteen),
            Color::Yellow
        );
        assert_eq!(nearest(Color::Red, Colours::None), Color::Reset);
        assert_eq!(
            nearest(Color::Rgb(1, 2, 3), Colours::True),
            Color::Rgb(1, 2, 3)
        );
    }

    #[test]
    fn every_colour_of_the_256_is_nearest_to_itself() {
        for index in 16..=255 {
            let [r, g, b] = of_index(index);
            let Color::Indexed(found) = nearest(Color::Rgb(r, g, b), Colours::Indexed) else {
                panic!()
            };
            assert_eq!(of_index(found), of_index(index));
        }
    }
}
