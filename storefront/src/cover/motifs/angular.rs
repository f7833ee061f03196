//! Motifs of straight lines and sharp corners.

use std::fmt::Write;

use crate::cover::canvas::{Canvas, MIDDLE, Point, SIDE, cycled};

/// Metal: spikes that mirror each other, before rings.
pub fn sigil(canvas: &mut Canvas) {
    let turn = canvas.dice.pick(&[0, 0, 45, 90, 180]);
    canvas.group(format_args!("transform='rotate({turn} 200 200)'"), spikes);
}

fn spikes(canvas: &mut Canvas) {
    let (halo, glow) = (canvas.dice.between(110, 175), canvas.ink(0));
    canvas.disc((MIDDLE, MIDDLE), halo, glow);
    let ring = canvas.ink(1);
    canvas.ring((MIDDLE, MIDDLE), halo + 14, (ring, 2));
    let count = canvas.dice.between(6, 9);
    for (layer, reach) in [(1, 190), (2, 130), (3, 70)] {
        let mut right: Vec<Point> = vec![(MIDDLE, 10 + layer * 22)];
        for spike in 0..count {
            let y = 40 + layer * 20 + spike * (320 - layer * 40) / count;
            let out = canvas.dice.between(reach / 3, reach);
            let up = canvas.dice.between(-30, 50);
            right.extend([(MIDDLE + out, y - up), (MIDDLE + canvas.dice.between(8, 26), y + 14)]);
        }
        right.push((MIDDLE, 396 - layer * 24));
        let left: Vec<Point> = right.iter().rev().map(|(x, y)| (SIDE - x, *y)).collect();
        let ink = canvas.ink(layer);
        canvas.polygon(&[right, left].concat(), ink);
    }
}

/// The inks of the columns, from left to right.
const RHYTHM: [i32; 8] = [0, 1, 0, 2, 1, 0, 2, 1];

/// Jazz: columns in a rhythm of their own, with a disc across.
pub fn columns(canvas: &mut Canvas) {
    let count = canvas.dice.between(5, 8);
    let width = SIDE / count;
    let from_top = canvas.dice.once_in(2);
    let accent = canvas.dice.between(0, count - 1);
    for column in 0..count {
        let height = canvas.dice.between(70, 330);
        let ink = if column == accent {
            canvas.ink(3)
        } else {
            canvas.ink(cycled(&RHYTHM, column))
        };
        let y = if from_top { 0 } else { SIDE - height };
        canvas.rectangle((column * width + 5, y), (width - 10, height), ink);
    }
    let (radius, x) = (canvas.dice.between(50, 95), canvas.dice.between(90, 310));
    let y = if from_top {
        canvas.dice.between(250, 320)
    } else {
        canvas.dice.between(80, 150)
    };
    let (ink, hole) = (canvas.ink(3), canvas.ground());
    canvas.disc((x, y), radius, ink);
    canvas.disc((x, y), radius / 3, hole);
    canvas.rectangle((0, if from_top { 384 } else { 0 }), (SIDE, 16), ink);
}

/// Punk: paper torn into strips, and a patch of chequers.
pub fn torn_strips(canvas: &mut Canvas) {
    let turn = canvas.dice.between(-24, 24);
    canvas.group(format_args!("transform='rotate({turn} 200 200)'"), |canvas| {
        let mut y = canvas.dice.between(-30, 40);
        let mut number = canvas.dice.between(0, 3);
        while y < 420 {
            let height = canvas.dice.between(26, 84);
            strip(canvas, y, height, number);
            y += height + canvas.dice.between(14, 54);
            number += 1;
        }
        chequers(canvas);
    });
}

fn strip(canvas: &mut Canvas, y: i32, height: i32, number: i32) {
    let torn = |canvas: &mut Canvas, y: i32| -> Vec<Point> {
        (0..=8)
            .map(|step| (step * 70 - 80, y + canvas.dice.between(-9, 9)))
            .collect()
    };
    let (top, bottom) = (torn(canvas, y), torn(canvas, y + height));
    let outline: Vec<Point> = top.into_iter().chain(bottom.into_iter().rev()).collect();
    let ink = canvas.ink(number);
    canvas.polygon(&outline, ink);
}

fn chequers(canvas: &mut Canvas) {
    let (left, top, size) = (
        canvas.dice.between(20, 200),
        canvas.dice.between(20, 240),
        canvas.dice.between(18, 30),
    );
    canvas.rectangle((left - 8, top - 8), (size * 6 + 16, size * 4 + 16), "#fff");
    let squares = (0..24).filter(|square| (square / 6 + square % 6) % 2 == 0);
    let path = squares.fold(String::new(), |mut path, square| {
        let (x, y) = (left + square % 6 * size, top + square / 6 * size);
        let _ = write!(path, "M{x} {y}h{size}v{size}h-{size}z");
        path
    });
    canvas.shape(path, "#111");
}

/// Rap: a city of towers.
pub fn towers(canvas: &mut Canvas) {
    let (x, y) = (canvas.dice.between(80, 320), canvas.dice.between(70, 150));
    let (radius, sun) = (canvas.dice.between(40, 80), canvas.ink(3));
    canvas.disc((x, y), radius, sun);
    let half = canvas.dice.pick(&[44, 50, 58]);
    let rise = half / 2;
    for row in 0..4 {
        let shift = if row % 2 == 0 { 0 } else { half };
        for column in -1..=(SIDE / half / 2) {
            if canvas.dice.once_in(3) {
                continue;
            }
            let (x, height) = (
                column * half * 2 + shift + half,
                canvas.dice.between(30, 190 - row * 25),
            );
            tower(canvas, (x, 250 + row * 52 - height), (half, rise));
        }
    }
}

/// A tower whose roof is around a point, and which goes down for ever.
fn tower(canvas: &mut Canvas, (x, y): Point, (half, rise): Point) {
    let (roof, left, right) = (canvas.ink(0), canvas.ink(1), canvas.ink(2));
    canvas.shape(
        format_args!("M{x} {}l{half} {rise}-{half} {rise}-{half}-{rise}z", y - rise),
        roof,
    );
    canvas.shape(format_args!("M{} {y}l{half} {rise}V{SIDE}h-{half}z", x - half), left);
    canvas.shape(format_args!("M{} {y}l-{half} {rise}V{SIDE}h{half}z", x + half), right);
}
