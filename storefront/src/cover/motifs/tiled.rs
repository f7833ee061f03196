//! Motifs that repeat.

use std::fmt::Write;

use crate::cover::canvas::{Canvas, Point, SIDE};

/// Alternative: tiles of quarter discs, some of them turned.
pub fn quarter_discs(canvas: &mut Canvas) {
    let rows = canvas.dice.pick(&[3, 4, 4, 5]);
    let cell = SIDE / rows + 1;
    for number in 0..rows * rows {
        let corner = (number % rows * cell, number / rows * cell);
        if canvas.dice.once_in(3) {
            let field = canvas.any_ink();
            canvas.rectangle(corner, (cell, cell), field);
        }
        let ink = canvas.any_ink();
        quarter(canvas, corner, cell, ink);
        if canvas.dice.once_in(2) {
            let ground = canvas.ground();
            let dot = (corner.0 + cell / 2, corner.1 + cell / 2);
            canvas.disc(dot, cell / 8, ground);
        }
    }
}

/// A quarter of a disc around one of the corners of a cell.
fn quarter(canvas: &mut Canvas, (x, y): Point, cell: i32, ink: &str) {
    let (right, down) = (x + cell, y + cell);
    let path = match canvas.dice.between(0, 3) {
        0 => format!("M{x} {y}h{cell}A{cell} {cell} 0 0 1 {x} {down}z"),
        1 => format!("M{right} {y}v{cell}A{cell} {cell} 0 0 1 {x} {y}z"),
        2 => format!("M{right} {down}h-{cell}A{cell} {cell} 0 0 1 {right} {y}z"),
        _ => format!("M{x} {down}v-{cell}A{cell} {cell} 0 0 1 {right} {down}z"),
    };
    canvas.shape(path, ink);
}

/// Electronic: dots that swell and shrink in waves.
pub fn halftone(canvas: &mut Canvas) {
    let count = canvas.dice.between(9, 13);
    let pitch = SIDE / count;
    let (fx, fy) = (canvas.dice.between(0, 400), canvas.dice.between(0, 400));
    let wave = canvas.dice.between(70, 190);
    let mut sizes = vec![String::new(); 6];
    for number in 0..count * count {
        let (x, y) = (
            number % count * pitch + pitch / 2 + 2,
            number / count * pitch + pitch / 2 + 2,
        );
        let distance = ((x - fx).pow(2) + (y - fy).pow(2)).isqrt();
        let phase = (distance % wave * 12 / wave - 6).unsigned_abs() as usize;
        let _ = write!(sizes[phase.min(5)], "M{x} {y}h0");
    }
    let (far, near) = (canvas.dice.between(0, 3), canvas.dice.between(1, 3));
    let (start, end) = (canvas.ink(far), canvas.ink(far + near));
    canvas.write(format_args!(
        "<linearGradient id='g' gradientUnits='userSpaceOnUse' x2='400' y2='400'><stop stop-color='{start}'/>\
         <stop offset='1' stop-color='{end}'/></linearGradient>"
    ));
    for (size, dots) in (1..).zip(sizes).filter(|(_, dots)| !dots.is_empty()) {
        canvas.line(dots, ("url(#g)", size * pitch / 6));
    }
    let ink = canvas.ink(far + near + 1);
    let bar = canvas.dice.between(60, 330);
    canvas.rectangle((0, bar), (SIDE, 6), ink);
}

/// World: bands of triangles, diamonds and steps, like cloth from a loom.
pub fn weaving(canvas: &mut Canvas) {
    let mut y = -canvas.dice.between(0, 30);
    let mut number = canvas.dice.between(0, 3);
    while y < SIDE {
        let height = canvas.dice.pick(&[36, 44, 56, 72]);
        let step = canvas.dice.between(1, 3);
        let (field, ink) = (canvas.ink(number), canvas.ink(number + step));
        canvas.rectangle((0, y), (SIDE, height), field);
        band(canvas, y, height, ink);
        let thread = canvas.ground();
        canvas.rectangle((0, y + height), (SIDE, 6), thread);
        y += height + 6;
        number += 1;
    }
}

/// One figure again and again, each a step to the right of the one before.
fn band(canvas: &mut Canvas, y: i32, height: i32, ink: &str) {
    let wide = canvas.dice.pick(&[40, 50, 80]);
    let (half, middle) = (wide / 2, height / 2);
    let (start, figure) = match canvas.dice.between(0, 4) {
        0 => (y + height, format!("l{half}-{height} {half} {height}")),
        1 => (y + middle, format!("l{half}-{middle} {half} {middle}-{half} {middle}")),
        2 => (
            y,
            format!("l{half} {middle} {half}-{middle}v{middle}l-{half} {middle}-{half}-{middle}"),
        ),
        3 => (y, format!("h{half}v{middle}h{half}v{middle}h-{half}v-{middle}h-{half}")),
        _ => (y, format!("h{half}v{height}h-{half}")),
    };
    let mut path = format!("M0 {start}");
    for _ in 0..SIDE / wide {
        let _ = write!(path, "{figure}zm{wide} 0");
    }
    canvas.shape(path, ink);
}
