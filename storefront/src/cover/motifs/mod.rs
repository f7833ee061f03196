//! What is drawn: one motif for each style, in families that are made alike.

use super::canvas::Canvas;
use super::style::Style;

mod angular;
mod flowing;
mod loud;
mod round;
mod tiled;

/// Draws the motif of a style.
pub fn draw(style: Style, canvas: &mut Canvas) {
    match style {
        Style::Alternative => tiled::quarter_discs(canvas),
        Style::Blues => flowing::moon_over_water(canvas),
        Style::Classical => round::rosette(canvas),
        Style::Country => flowing::sun_behind_hills(canvas),
        Style::Electronic => tiled::halftone(canvas),
        Style::Indie => flowing::leaves(canvas),
        Style::Jazz => angular::columns(canvas),
        Style::Latin => round::blossom(canvas),
        Style::Metal => angular::sigil(canvas),
        Style::Pop => round::candy(canvas),
        Style::Punk => angular::torn_strips(canvas),
        Style::Rap => angular::towers(canvas),
        Style::RhythmAndBlues => flowing::ribbons(canvas),
        Style::Rock => loud::any(canvas),
        Style::World => tiled::weaving(canvas),
    }
}
