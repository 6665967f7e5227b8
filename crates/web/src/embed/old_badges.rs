//! Pictures of fixed sizes that pages of Flattr's time link to, with our coin on them.

use crate::embed::drawing::COIN;
use crate::embed::letters::outlined;
use crate::embed::pixels::png_of;

/// 93 x 20: the coin and the name.
pub fn large() -> Vec<u8> {
    let name = outlined("Obole", 44, 13);
    let text = format!("<g fill=\"#1d2433\" transform=\"translate(32 14.5)\">{name}</g>");
    drawn((93, 20), &format!("{}{}{text}", ground(93, 20), coin(12, 2, 16)))
}

/// 16 x 16: the coin.
pub fn small() -> Vec<u8> {
    drawn((16, 16), &coin(0, 0, 16))
}

/// 50 x 60: the coin above the name.
pub fn tall() -> Vec<u8> {
    let name = outlined("Obole", 38, 12);
    let text = format!("<g fill=\"#1d2433\" transform=\"translate(6 52)\">{name}</g>");
    drawn((50, 60), &format!("{}{}{text}", ground(50, 60), coin(9, 5, 32)))
}

fn ground(width: u32, height: u32) -> String {
    let (width, height) = (width - 1, height - 1);
    format!(
        "<rect x=\".5\" y=\".5\" width=\"{width}\" height=\"{height}\" rx=\"3\" fill=\"#fffefb\" \
         stroke=\"#878377\"/>"
    )
}

/// The coin of an icon, so large, with its upper left corner there.
fn coin(x: u32, y: u32, size: u32) -> String {
    format!(
        "<svg x=\"{x}\" y=\"{y}\" width=\"{size}\" height=\"{size}\" viewBox=\"0 0 32 32\">\
         <path fill=\"#dcd8cc\" stroke=\"#1d2433\" stroke-width=\"2\" d=\"{COIN}\"/>\
         <circle fill=\"none\" stroke=\"#1d2433\" stroke-width=\"3.2\" cx=\"17\" cy=\"14.9\" \
         r=\"7.2\"/><circle fill=\"#a5691c\" cx=\"17\" cy=\"14.9\" r=\"2.3\"/></svg>"
    )
}

fn drawn((width, height): (u32, u32), inside: &str) -> Vec<u8> {
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\">\
         {inside}</svg>"
    );
    png_of(&svg, (width, height), 1).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use resvg::tiny_skia::Pixmap;

    use super::*;

    #[test]
    fn they_have_the_sizes_that_pages_reserve() {
        for (png, size) in [(large(), (93, 20)), (small(), (16, 16)), (tall(), (50, 60))] {
            let pixmap = Pixmap::decode_png(&png).expect("a PNG");
            assert_eq!((pixmap.width(), pixmap.height()), size);
            let is_dark = |pixel: &resvg::tiny_skia::PremultipliedColorU8| {
                pixel.alpha() > 200 && pixel.red() < 80
            };
            assert!(pixmap.pixels().iter().filter(|pixel| is_dark(pixel)).count() > 20);
        }
    }
}
