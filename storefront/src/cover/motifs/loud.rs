//! Motifs of rock, which has more albums than any other genre and so more than one look.

use crate::cover::canvas::{Canvas, MIDDLE, Point, around, cycled};

/// Rock: lightning, shards or strings.
pub fn any(canvas: &mut Canvas) {
    match canvas.dice.between(0, 2) {
        0 => lightning(canvas),
        1 => shards(canvas),
        _ => strings(canvas),
    }
}

/// Shards that fly from one point.
fn shards(canvas: &mut Canvas) {
    let center = (canvas.dice.between(90, 310), canvas.dice.between(110, 330));
    for (reach, first, most) in [(620, 0, 52), (180, 2, 60)] {
        let (mut angle, mut number) = (canvas.dice.between(0, 60), first);
        let end = angle + 330;
        while angle < end {
            let width = canvas.dice.between(10, most);
            let (ink, far) = (canvas.ink(number), canvas.dice.between(reach / 2, reach));
            canvas.polygon(
                &[center, around(center, far, angle), around(center, reach, angle + width)],
                ink,
            );
            angle += width + canvas.dice.between(4, 26);
            number += 1;
        }
    }
    let (radius, ground) = (canvas.dice.between(16, 34), canvas.ground());
    canvas.disc(center, radius, ground);
}

/// Strings across a sound hole.
fn strings(canvas: &mut Canvas) {
    let turn = canvas.dice.pick(&[0, 30, 45, 90, 120, 150]);
    let (hole, radius) = ((MIDDLE, canvas.dice.between(150, 250)), canvas.dice.between(90, 150));
    canvas.group(format_args!("transform='rotate({turn} 200 200)'"), |canvas| {
        let (left, board) = (canvas.dice.between(40, 200), canvas.ink(0));
        canvas.rectangle((left, -100), (400, 600), board);
        for (ring, shrink) in [(1, 0), (2, 16), (3, 34)] {
            let ink = canvas.ink(ring);
            canvas.disc(hole, radius - shrink, ink);
        }
        let ground = canvas.ground();
        canvas.disc(hole, radius - 44, ground);
        let pitch = canvas.dice.between(20, 32);
        for string in 0..6 {
            let (x, sway) = (MIDDLE - pitch * 5 / 2 + string * pitch, canvas.dice.between(-26, 26));
            let ink = canvas.ink(string);
            canvas.line(format_args!("M{x} -100Q{} 200 {x} 500", x + sway), (ink, 9 - string));
        }
    });
}

/// A bolt of lightning with its echoes, before a disc.
fn lightning(canvas: &mut Canvas) {
    let (x, y) = (canvas.dice.between(110, 290), canvas.dice.between(110, 290));
    let radius = canvas.dice.between(90, 160);
    let disc = canvas.ink(2);
    canvas.disc((x, y), radius, disc);
    let turn = canvas.dice.pick(&[0, 0, 90, 20, -20, 160]);
    let (top, lean) = (canvas.dice.between(40, 120), canvas.dice.between(40, 90));
    let (upper, lower) = (canvas.dice.between(120, 190), canvas.dice.between(210, 270));
    let width = canvas.dice.between(54, 84);
    canvas.group(format_args!("transform='rotate({turn} 200 200)'"), |canvas| {
        for echo in 0..4 {
            let shift = echo * width - 40;
            let ink = if echo == 3 {
                canvas.ground()
            } else {
                canvas.ink(cycled(&[1, 3, 0], echo))
            };
            let edge = [
                (top, -40),
                (top - lean, upper),
                (top + lean, upper - 30),
                (top - 30, lower),
                (top + 60, lower - 40),
                (top - 50, 440),
            ];
            let right = edge.iter().rev().map(|(x, y)| (x + shift + width, *y));
            let bolt: Vec<Point> = edge.iter().map(|(x, y)| (x + shift, *y)).chain(right).collect();
            canvas.polygon(&bolt, ink);
        }
    });
}
