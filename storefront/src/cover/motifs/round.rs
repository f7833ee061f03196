//! Motifs around a middle.

use crate::cover::canvas::{Canvas, MIDDLE, SIDE, around};

/// Classical: ellipses turned around one another, like the engraving on a banknote.
pub fn rosette(canvas: &mut Canvas) {
    let count = canvas.dice.pick(&[9, 10, 12, 15, 18]);
    let (long, short) = (canvas.dice.between(120, 185), canvas.dice.between(30, 90));
    let (outer, fine, gold) = (canvas.ink(0), canvas.ink(1), canvas.ink(3));
    canvas.ring((MIDDLE, MIDDLE), 188, (outer, 1));
    canvas.ring((MIDDLE, MIDDLE), 180, (outer, 3));
    for (rx, ry, stroke, width) in [(long.min(172), short, fine, 2), (long * 2 / 3, short / 2 + 12, gold, 2)] {
        canvas.group(
            format_args!("fill='none' stroke='{stroke}' stroke-width='{width}'"),
            |canvas| {
                for turn in 0..count {
                    let angle = turn * 180 / count;
                    canvas.write(format_args!(
                        "<ellipse cx='200' cy='200' rx='{rx}' ry='{ry}' transform='rotate({angle} 200 200)'/>"
                    ));
                }
            },
        );
    }
    let (seal, heart) = (canvas.dice.between(14, 34), canvas.ground());
    canvas.disc((MIDDLE, MIDDLE), seal, gold);
    canvas.disc((MIDDLE, MIDDLE), seal / 2, heart);
}

/// Latin: rays, and a blossom in two rings of petals.
pub fn blossom(canvas: &mut Canvas) {
    let center = (canvas.dice.between(120, 280), canvas.dice.between(120, 280));
    let rays = canvas.dice.pick(&[10, 12, 15]);
    let ray = canvas.ink(1);
    for number in 0..rays {
        let angle = number * 360 / rays;
        let (near, far) = (around(center, 460, angle), around(center, 460, angle + 180 / rays));
        canvas.polygon(&[center, near, far], ray);
    }
    let petals = canvas.dice.pick(&[7, 8, 9, 10]);
    let reach = canvas.dice.between(95, 125);
    ring_of_petals(canvas, center, (petals, reach), 2);
    ring_of_petals(canvas, center, (petals, reach * 2 / 3), 0);
    let (heart, spot) = (canvas.ink(3), canvas.ground());
    canvas.disc(center, reach / 3, heart);
    canvas.disc(center, reach / 8, spot);
}

fn ring_of_petals(canvas: &mut Canvas, (x, y): (i32, i32), (count, reach): (i32, i32), ink: i32) {
    let (fill, wide) = (canvas.ink(ink), reach / 4);
    canvas.group(format_args!("fill='{fill}'"), |canvas| {
        for petal in 0..count {
            let angle = petal * 360 / count + ink * 9;
            canvas.write(format_args!(
                "<ellipse cx='{}' cy='{y}' rx='{}' ry='{wide}' transform='rotate({angle} {x} {y})'/>",
                x + reach * 3 / 5,
                reach * 3 / 5
            ));
        }
    });
}

/// Pop: discs in rows, each with another heart.
pub fn candy(canvas: &mut Canvas) {
    let rows = canvas.dice.pick(&[2, 3, 3, 4]);
    let cell = SIDE / rows;
    let first = canvas.dice.between(0, 3);
    for number in 0..rows * rows {
        let (column, row) = (number % rows, number / rows);
        let corner = (column * cell, row * cell);
        let center = (corner.0 + cell / 2, corner.1 + cell / 2);
        if (column + row + first) % 2 == 0 {
            let field = canvas.ink(first + column * 2 + row);
            canvas.rectangle(corner, (cell, cell), field);
        }
        sweet(canvas, center, cell, first + number);
    }
}

fn sweet(canvas: &mut Canvas, center: (i32, i32), cell: i32, number: i32) {
    let (shell, filling) = (canvas.ink(number + number / 4 + 2), canvas.ink(number + 3));
    let (radius, ground) = (cell * 2 / 5, canvas.ground());
    canvas.disc(center, radius, ground);
    canvas.disc(center, radius - cell / 20, shell);
    match canvas.dice.between(0, 3) {
        0 => canvas.disc(center, radius / 2, filling),
        1 => canvas.ring(center, radius / 2, (filling, cell / 12)),
        2 => {
            let (x, y) = center;
            let r = radius - cell / 20;
            canvas.shape(format_args!("M{} {y}a{r} {r} 0 0 1 {} 0z", x - r, r * 2), filling);
        }
        _ => canvas.disc((center.0 + radius / 3, center.1 - radius / 3), radius / 4, ground),
    }
}
