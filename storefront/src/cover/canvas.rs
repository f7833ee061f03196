//! What covers are drawn on: a square of 400 by 400, written as SVG.

use std::fmt::{Display, Write};

use super::dice::Dice;
use super::palettes::{self, Palette};
use super::style::Style;

/// The length of a side.
pub const SIDE: i32 = 400;
/// The middle of a side.
pub const MIDDLE: i32 = SIDE / 2;

/// A point; the first number goes to the right, the second down.
pub type Point = (i32, i32);

/// A square of colour, and the chance that decides what is drawn on it.
#[derive(Debug)]
pub struct Canvas {
    /// Decides.
    pub dice: Dice,
    palette: Palette,
    drawn: String,
}

impl Canvas {
    /// An empty square for a style.
    pub fn new(style: Style, seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let palette = dice.pick(palettes::of(style));
        let mut canvas = Self {
            dice,
            palette,
            drawn: String::with_capacity(4096),
        };
        canvas.rectangle((0, 0), (SIDE, SIDE), palette[0]);
        canvas
    }

    /// The colour of the ground.
    pub fn ground(&self) -> &'static str {
        self.palette[0]
    }

    /// One of the four inks, counted round and round.
    pub fn ink(&self, number: i32) -> &'static str {
        self.palette[1 + (number.rem_euclid(4)) as usize]
    }

    /// Any of the four inks.
    pub fn any_ink(&mut self) -> &'static str {
        let number = self.dice.between(0, 3);
        self.ink(number)
    }

    /// A filled rectangle.
    pub fn rectangle(&mut self, (x, y): Point, (width, height): Point, fill: &str) {
        self.write(format_args!(
            "<path d='M{x} {y}h{width}v{height}h{}z' fill='{fill}'/>",
            -width
        ));
    }

    /// A filled disc.
    pub fn disc(&mut self, (x, y): Point, radius: i32, fill: &str) {
        self.write(format_args!("<circle cx='{x}' cy='{y}' r='{radius}' fill='{fill}'/>"));
    }

    /// A ring: the outline of a disc.
    pub fn ring(&mut self, (x, y): Point, radius: i32, (stroke, width): (&str, i32)) {
        self.write(format_args!(
            "<circle cx='{x}' cy='{y}' r='{radius}' fill='none' stroke='{stroke}' stroke-width='{width}'/>"
        ));
    }

    /// A filled polygon.
    pub fn polygon(&mut self, points: &[Point], fill: &str) {
        let mut path = String::from("M");
        for (x, y) in points {
            let _ = write!(path, "{x} {y} ");
        }
        self.shape(format_args!("{}z", path.trim_end()), fill);
    }

    /// A filled path.
    pub fn shape(&mut self, path: impl Display, fill: &str) {
        self.write(format_args!("<path d='{path}' fill='{fill}'/>"));
    }

    /// A path as a line with round ends.
    pub fn line(&mut self, path: impl Display, (stroke, width): (&str, i32)) {
        self.write(format_args!(
            "<path d='{path}' fill='none' stroke='{stroke}' stroke-width='{width}' stroke-linecap='round'/>"
        ));
    }

    /// Draws inside a group with more attributes.
    pub fn group(&mut self, attributes: impl Display, draw: impl FnOnce(&mut Self)) {
        self.write(format_args!("<g {attributes}>"));
        draw(self);
        self.write("</g>");
    }

    /// Adds elements as they are.
    pub fn write(&mut self, elements: impl Display) {
        // Writing to a string cannot fail.
        let _ = write!(self.drawn, "{elements}");
    }

    /// The picture, under the sheen of a printed sleeve.
    pub fn finish(self) -> String {
        format!(
            "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {SIDE} {SIDE}'>\
             <linearGradient id='s' x2='1' y2='1'><stop stop-color='#fff' stop-opacity='.14'/>\
             <stop offset='.45' stop-color='#fff' stop-opacity='0'/><stop offset='1' stop-opacity='.16'/>\
             </linearGradient>{}<path d='M0 0h{SIDE}v{SIDE}H0z' fill='url(#s)'/></svg>",
            self.drawn
        )
    }
}

/// The entry of `order` with this number, counted round and round.
pub fn cycled(order: &[i32], number: i32) -> i32 {
    order[number.unsigned_abs() as usize % order.len()]
}

/// The point at a distance and an angle, in degrees, from `center`.
#[expect(clippy::cast_possible_truncation, reason = "pictures are a few hundred units wide")]
pub fn around(center: Point, distance: i32, degrees: i32) -> Point {
    let (sin, cos) = f64::from(degrees).to_radians().sin_cos();
    let along = |part: f64| (part * f64::from(distance)).round() as i32;
    (center.0 + along(cos), center.1 + along(sin))
}
