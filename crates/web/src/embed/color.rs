//! Colours that a site chooses for its button, and what can be read on them (WCAG 2.2, 1.4.3).

use std::fmt;

use obole_domain::Refusal;

/// The least contrast of a text that is not large, in hundredths.
pub const CONTRAST_MIN: u64 = 450;

/// A colour of the web, without transparency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Color(pub [u8; 3]);

/// The light that each value of a channel sends out (sRGB, IEC 61966-2-1), 65 535 at most.
const LIGHT: [u16; 256] = [
    0, 20, 40, 60, 80, 99, 119, 139, 159, 179, 199, 219, 241, 264, 288, 313, 340, 367, 396, 427,
    458, 491, 526, 562, 599, 637, 677, 718, 761, 805, 851, 898, 947, 997, 1048, 1101, 1156, 1212,
    1270, 1330, 1391, 1453, 1517, 1583, 1651, 1720, 1790, 1863, 1937, 2013, 2090, 2170, 2250, 2333,
    2418, 2504, 2592, 2681, 2773, 2866, 2961, 3058, 3157, 3258, 3360, 3464, 3570, 3678, 3788, 3900,
    4014, 4129, 4247, 4366, 4488, 4611, 4736, 4864, 4993, 5124, 5257, 5392, 5530, 5669, 5810, 5953,
    6099, 6246, 6395, 6547, 6700, 6856, 7014, 7174, 7335, 7500, 7666, 7834, 8004, 8177, 8352, 8528,
    8708, 8889, 9072, 9258, 9445, 9635, 9828, 10022, 10219, 10417, 10619, 10822, 11028, 11235,
    11446, 11658, 11873, 12090, 12309, 12530, 12754, 12980, 13209, 13440, 13673, 13909, 14146,
    14387, 14629, 14874, 15122, 15371, 15623, 15878, 16135, 16394, 16656, 16920, 17187, 17456,
    17727, 18001, 18277, 18556, 18837, 19121, 19407, 19696, 19987, 20281, 20577, 20876, 21177,
    21481, 21787, 22096, 22407, 22721, 23038, 23357, 23678, 24002, 24329, 24658, 24990, 25325,
    25662, 26001, 26344, 26688, 27036, 27386, 27739, 28094, 28452, 28813, 29176, 29542, 29911,
    30282, 30656, 31033, 31412, 31794, 32179, 32567, 32957, 33350, 33745, 34143, 34544, 34948,
    35355, 35764, 36176, 36591, 37008, 37429, 37852, 38278, 38706, 39138, 39572, 40009, 40449,
    40891, 41337, 41785, 42236, 42690, 43147, 43606, 44069, 44534, 45002, 45473, 45947, 46423,
    46903, 47385, 47871, 48359, 48850, 49344, 49841, 50341, 50844, 51349, 51858, 52369, 52884,
    53401, 53921, 54445, 54971, 55500, 56032, 56567, 57105, 57646, 58190, 58737, 59287, 59840,
    60396, 60955, 61517, 62082, 62650, 63221, 63795, 64372, 64952, 65535,
];

/// What 0.05 is in the unit of [`Color::luminance`]: the light that a screen gives back anyway.
const FLARE: u64 = 32_767_500;

impl Color {
    /// Black.
    pub const BLACK: Self = Self([0; 3]);

    /// White.
    pub const WHITE: Self = Self([255; 3]);

    /// Reads `#85540f`, `85540f` or `#fff`; none where nothing was written.
    pub fn read(text: &str) -> Result<Option<Self>, Refusal> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let digits = text.strip_prefix('#').unwrap_or(text);
        let digits =
            digits.chars().map(|digit| digit.to_digit(16).and_then(|d| u8::try_from(d).ok()));
        let digits: Option<Vec<u8>> = digits.collect();
        let channels = match digits.as_deref() {
            Some([r, g, b]) => [r * 17, g * 17, b * 17],
            Some([r, s, g, h, b, c]) => [r * 16 + s, g * 16 + h, b * 16 + c],
            _ => return Err(Refusal::ColorMalformed {}),
        };
        Ok(Some(Self(channels)))
    }

    /// Relative luminance in 655 350 000ths.
    fn luminance(self) -> u64 {
        let weighed = self.0.into_iter().zip([2_126, 7_152, 722]).map(|(channel, weight)| {
            let light = LIGHT.get(usize::from(channel)).copied().unwrap_or_default();
            u64::from(light) * weight
        });
        weighed.sum()
    }

    /// The contrast to another colour, in hundredths: 100 to 2 100.
    #[must_use]
    pub fn contrast(self, other: Self) -> u64 {
        let (one, other) = (self.luminance() + FLARE, other.luminance() + FLARE);
        one.max(other) * 100 / one.min(other)
    }

    /// Black or white, whichever is read better on this colour: always well enough.
    #[must_use]
    pub fn text(self) -> Self {
        let is_light = self.contrast(Self::BLACK) > self.contrast(Self::WHITE);
        if is_light { Self::BLACK } else { Self::WHITE }
    }
}

impl fmt::Display for Color {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(formatter, "#{red:02x}{green:02x}{blue:02x}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_is_read_in_each_way_to_write_it() {
        let gold = Color([0x85, 0x54, 0x0f]);
        for text in ["#85540f", "85540F", " #85540f "] {
            assert_eq!(Color::read(text), Ok(Some(gold)), "{text}");
        }
        assert_eq!(Color::read("#fa0"), Ok(Some(Color([255, 170, 0]))));
        assert_eq!(Color::read(" "), Ok(None));
        assert_eq!(gold.to_string(), "#85540f");
    }

    #[test]
    fn what_is_no_colour_is_refused() {
        for text in ["red", "#", "#12", "#1234", "#12345", "1234567", "##fff", "url(x)", "#ÿÿÿ"]
        {
            assert_eq!(Color::read(text), Err(Refusal::ColorMalformed {}), "{text}");
        }
        for text in ["#fff;}", "\"", "#fff fff", "#ff\u{661}"] {
            assert_eq!(Color::read(text), Err(Refusal::ColorMalformed {}), "{text}");
        }
    }

    #[test]
    fn contrasts_are_those_of_the_guideline() {
        assert_eq!(Color::BLACK.contrast(Color::WHITE), 2_100);
        assert_eq!(Color::WHITE.contrast(Color::WHITE), 100);
        // The usual example of a grey that is just dark enough on white.
        assert_eq!(Color([0x76; 3]).contrast(Color::WHITE), 454);
        assert_eq!(Color([0x77; 3]).contrast(Color::WHITE), 447);
    }

    #[test]
    fn on_every_colour_a_text_can_be_read() {
        let steps = || (0..=255_u8).step_by(5);
        for red in steps() {
            for green in steps() {
                for blue in steps() {
                    let color = Color([red, green, blue]);
                    assert!(color.contrast(color.text()) >= CONTRAST_MIN, "{color}");
                }
            }
        }
    }
}
