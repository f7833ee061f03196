//! Motifs of curves.

use std::fmt::Write;

use crate::cover::canvas::{Canvas, SIDE, around, cycled};

/// Blues: a moon, and water in waves below it.
pub fn moon_over_water(canvas: &mut Canvas) {
    let moon = (canvas.dice.between(90, 310), canvas.dice.between(80, 150));
    let (radius, light) = (canvas.dice.between(38, 72), canvas.ink(3));
    canvas.disc(moon, radius, light);
    if canvas.dice.once_in(3) {
        let (bite, ground) = (radius * 5 / 6, canvas.ground());
        canvas.disc((moon.0 + radius / 2, moon.1 - radius / 4), bite, ground);
    }
    let waves = canvas.dice.between(5, 7);
    for wave in 0..waves {
        let y = 175 + wave * 225 / waves;
        let (swell, shift) = (canvas.dice.between(12, 34), canvas.dice.between(-120, 0));
        let length = canvas.dice.pick(&[80, 100, 130]);
        let ink = canvas.ink(cycled(&[2, 1, 0], wave));
        let mut path = format!("M{shift} {y}q{} {} {length} 0", length / 2, -swell * 2);
        for _ in 0..=(SIDE - shift) / length {
            let _ = write!(path, "t{length} 0");
        }
        path.push_str("V400H0z");
        canvas.shape(path, ink);
    }
    reflection(canvas, moon.0);
}

/// The light of the moon on the water.
fn reflection(canvas: &mut Canvas, x: i32) {
    let light = canvas.ink(3);
    for step in 0..5 {
        let half = canvas.dice.between(10, 46 - step * 6);
        let y = 226 + step * 34;
        let left = x - half + canvas.dice.between(-12, 12);
        canvas.line(format_args!("M{left} {y}h{}", half * 2), (light, 4));
    }
}

/// Country: the sun goes down behind hills.
pub fn sun_behind_hills(canvas: &mut Canvas) {
    let (x, y, radius) = (
        canvas.dice.between(110, 290),
        canvas.dice.between(150, 210),
        canvas.dice.between(80, 125),
    );
    let (sun, ground) = (canvas.ink(3), canvas.ground());
    canvas.disc((x, y), radius, sun);
    for stripe in 0..5 {
        canvas.rectangle((0, y + radius - 18 - stripe * 24), (SIDE, 10 - stripe * 2), ground);
    }
    for hill in 0..3 {
        let top = 235 + hill * 50;
        let (left, right) = (canvas.dice.between(-40, 50), canvas.dice.between(-40, 50));
        let (first, second) = (canvas.dice.between(-90, 20), canvas.dice.between(-40, 70));
        let ink = canvas.ink(hill);
        canvas.shape(
            format_args!(
                "M0 {}C130 {} 260 {} 400 {}V400H0z",
                top + left,
                top + first,
                top + second,
                top + right
            ),
            ink,
        );
    }
    if canvas.dice.once_in(2) {
        let (road, way) = (canvas.ink(3), canvas.dice.between(150, 260));
        canvas.shape(
            format_args!(
                "M{} 400Q{} 360 {way} 338Q{} 362 {} 400z",
                way - 70,
                way - 10,
                way + 20,
                way - 20
            ),
            road,
        );
    }
}

/// Rhythm and blues: ribbons that lie side by side through one long curve.
pub fn ribbons(canvas: &mut Canvas) {
    let count = canvas.dice.between(5, 8);
    let width = canvas.dice.between(22, 36);
    let (bend, sway) = (canvas.dice.between(-160, 160), canvas.dice.between(80, 260));
    let start = canvas.dice.between(-20, 120);
    let turn = canvas.dice.pick(&[0, 90, 180, 270, 45, 315]);
    let first = canvas.dice.between(0, 3);
    canvas.group(format_args!("transform='rotate({turn} 200 200)'"), |canvas| {
        for ribbon in 0..count {
            let y = start + ribbon * width;
            let ink = canvas.ink(first + ribbon);
            canvas.line(
                format_args!(
                    "M-120 {y}C80 {} 120 {} 240 {}S380 {} 540 {}",
                    y + bend,
                    y + sway,
                    y + sway,
                    y + sway / 2 - bend,
                    y + sway / 2
                ),
                (ink, width + 1),
            );
        }
    });
    let (moon, x, y) = (
        canvas.ink(3),
        canvas.dice.between(70, 330),
        canvas.dice.between(60, 340),
    );
    let radius = canvas.dice.between(24, 52);
    canvas.disc((x, y), radius, moon);
}

/// Indie: leaves cut out of paper.
pub fn leaves(canvas: &mut Canvas) {
    let (patch, x, y) = (
        canvas.ink(2),
        canvas.dice.between(120, 280),
        canvas.dice.between(120, 280),
    );
    let radius = canvas.dice.between(100, 150);
    canvas.disc((x, y), radius, patch);
    let stems = canvas.dice.between(2, 3);
    for stem in 0..stems {
        let foot = 400 / (stems + 1) * (stem + 1) + canvas.dice.between(-30, 30);
        let lean = canvas.dice.between(-16, 16);
        let ink = cycled(&[3, 0, 1], stem);
        let pairs = canvas.dice.between(3, 5);
        twig(canvas, (foot, lean), pairs, ink);
    }
}

/// A stem from the lower edge, with pairs of leaves and one at its tip.
fn twig(canvas: &mut Canvas, (foot, lean): (i32, i32), pairs: i32, ink: i32) {
    let (fill, size) = (canvas.ink(ink), canvas.dice.between(62, 96));
    let tip = around((foot, 420), 90 + pairs * 58, lean - 90);
    canvas.line(format_args!("M{foot} 420L{} {}", tip.0, tip.1), (fill, 5));
    for pair in 0..pairs {
        let at = around((foot, 420), 80 + pair * 56, lean - 90);
        let spread = canvas.dice.between(38, 62);
        leaf(canvas, at, size - pair * 8, lean - 90 - spread, fill);
        leaf(canvas, at, size - pair * 8, lean - 90 + spread, fill);
    }
    leaf(canvas, tip, size * 3 / 4, lean - 90, fill);
}

fn leaf(canvas: &mut Canvas, from: (i32, i32), length: i32, angle: i32, fill: &str) {
    let tip = around(from, length, angle);
    let (one, other) = (
        around(from, length * 3 / 5, angle - 36),
        around(from, length * 3 / 5, angle + 36),
    );
    canvas.shape(
        format_args!(
            "M{} {}Q{} {} {} {}Q{} {} {} {}z",
            from.0, from.1, one.0, one.1, tip.0, tip.1, other.0, other.1, from.0, from.1
        ),
        fill,
    );
}
