//! A call as a picture: two voices on one time line, what they said, and how long replies took.
//!
//! [`draw`] makes an SVG that stands alone: no script, no outside reference, light background,
//! readable at 1280 pixels. It is made of a [`scene`], which is made of the call's events and its raw
//! recording and knows nothing of pixels. [`terminal`] draws the same in four lines of text.
//!
//! # Invariants
//!
//! - The same call gives the same bytes.
//! - Whatever a caller, a variable or a peer wrote is escaped; nothing of it becomes markup.
//! - The size is bounded, however long the call and however talkative its parties.

mod header;
mod layout;
mod row;
mod scene;
mod svg;
pub mod terminal;

#[cfg(test)]
mod tests;

use model::{Call, Stamped};

use self::{layout::Page, scene::Scene, svg::Svg};

/// Draws a call as an SVG. `raw` is its raw recording, if there is one; one that cannot be read
/// is drawn as if there were none.
pub fn draw(call: &Call, events: &[Stamped], raw: Option<&[u8]>) -> String {
    let scene = Scene::of(call, events, raw);
    let page = Page::of(&scene);
    let mut svg = Svg::new(layout::WIDTH, page.height());
    header::draw(&mut svg, &scene);
    for row in page.rows() {
        row::draw(&mut svg, &scene, row);
    }
    header::draw_legend(&mut svg, page.legend_y());
    svg.finish()
}
