//! The picture in pixels, for mails and for places that refuse SVG.

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};

use crate::embed::drawing::Drawing;

/// A PNG; twice as wide and high for dense screens where that is asked for. None if it cannot be
/// drawn, which the tests know not to happen.
#[must_use]
pub fn png(drawing: &Drawing, is_dense: bool) -> Option<Vec<u8>> {
    png_of(&drawing.outlined_svg(), drawing.size(), if is_dense { 2 } else { 1 })
}

/// The same of any SVG without text, so wide and high, so many times as large.
#[must_use]
pub fn png_of(svg: &str, (width, height): (u32, u32), times: u16) -> Option<Vec<u8>> {
    let tree = Tree::from_str(svg, &Options::default()).ok()?;
    let mut pixmap = Pixmap::new(width * u32::from(times), height * u32::from(times))?;
    let transform = Transform::from_scale(f32::from(times), f32::from(times));
    resvg::render(&tree, transform, &mut pixmap.as_mut());
    pixmap.encode_png().ok()
}

#[cfg(test)]
mod tests {
    use obole_language::Language;

    use super::*;
    use crate::embed::look::{Look, Style, Theme};

    fn look() -> Look {
        Look::usual(Style::Medium, Language::English)
    }

    fn drawn(look: &Look, count: Option<i64>, is_dense: bool) -> Pixmap {
        let png = png(&Drawing::new(look, count, "Obole"), is_dense).expect("drawn");
        Pixmap::decode_png(&png).expect("a PNG")
    }

    /// How many pixels right of the coin are nearly of the text's colour, from 0 to 255 each.
    fn light_pixels(pixmap: &Pixmap) -> usize {
        let (width, coin) = (pixmap.width(), pixmap.height());
        let light = |(place, pixel): &(u32, &resvg::tiny_skia::PremultipliedColorU8)| {
            let is_inside = place % width > coin && place % width < width - 3;
            let row = place / width;
            is_inside && row > 3 && row + 4 < pixmap.height() && pixel.red() > 200
        };
        (0..).zip(pixmap.pixels()).filter(light).count()
    }

    #[test]
    fn the_letters_are_there() {
        let give = light_pixels(&drawn(&look(), None, false));
        assert!(give > 60, "{give} pixels of the word");
        let blank = Look { label: "\u{a0}\u{a0}\u{a0}\u{a0}".to_owned(), ..look() };
        assert_eq!(light_pixels(&drawn(&blank, None, false)), 0, "without letters there are none");
        let thanks = Look { label: "Thanks a lot".to_owned(), ..look() };
        assert!(light_pixels(&drawn(&thanks, None, false)) > give);
    }

    #[test]
    fn it_is_as_large_as_the_other_picture_or_twice() {
        let drawing = Drawing::new(&look(), Some(25), "Obole");
        for (is_dense, times) in [(false, 1), (true, 2)] {
            let pixmap = drawn(&look(), Some(25), is_dense);
            let (width, height) = drawing.size();
            assert_eq!((pixmap.width(), pixmap.height()), (width * times, height * times));
        }
    }

    #[test]
    fn every_look_is_drawn_and_stays_small() {
        for style in Style::ALL {
            for theme in Theme::ALL {
                let look = Look { style: *style, theme: *theme, ..look() };
                let drawing = Drawing::new(&look, Some(1_900), "Obole");
                let png = png(&drawing, true).expect("drawn");
                assert!(png.len() < 8 * 1024, "{style:?} {theme:?}: {}", png.len());
            }
        }
    }
}
