//! The colours of each style: a ground and four inks, the last of them the loudest.

use super::style::Style;

/// A ground and four inks.
pub type Palette = [&'static str; 5];

/// The palettes that a style draws with.
pub fn of(style: Style) -> &'static [Palette] {
    match style {
        Style::Alternative => &[
            ["#e9e2d0", "#39505a", "#a3b18a", "#d9a08b", "#bc4b32"],
            ["#2f3e46", "#84a98c", "#cad2c5", "#52796f", "#f2a65a"],
            ["#f1dfd1", "#6d597a", "#b56576", "#355070", "#eaac8b"],
            ["#dfe3dc", "#22333b", "#8d99ae", "#c6ac8f", "#e4572e"],
        ],
        Style::Blues => &[
            ["#0b1f3a", "#14406b", "#1f6b9c", "#58a4c9", "#f3e3b3"],
            ["#101935", "#1f3a68", "#3c5a99", "#8aa4d6", "#ffb562"],
            ["#dfe8ee", "#a9c4d8", "#5b8db4", "#2a5a86", "#0d2c4b"],
            ["#132a3e", "#24506a", "#3e7c8c", "#86b3b4", "#f0d9c0"],
        ],
        Style::Classical => &[
            ["#f4ecdc", "#8a6d3b", "#b8934a", "#5f4424", "#7b1e28"],
            ["#3b0d14", "#c9a227", "#e6c96a", "#8c6c1f", "#f6ead0"],
            ["#12261f", "#b59b5b", "#d8c38c", "#7c7a4a", "#f2ead6"],
            ["#ece7e1", "#3a3a52", "#7d7a99", "#a8925d", "#1d1d35"],
        ],
        Style::Country => &[
            ["#f6d8a8", "#d97b3f", "#a8482a", "#5a2a1d", "#fff1d0"],
            ["#f3c98b", "#c8553d", "#588b8b", "#2d3d3a", "#ffe9c9"],
            ["#31404f", "#6a5044", "#a26a45", "#d9a05b", "#f8dca4"],
            ["#f9e0c7", "#b5838d", "#6d6875", "#3f3a4a", "#f2a65a"],
        ],
        Style::Electronic => &[
            ["#0a0620", "#2de2e6", "#8c52ff", "#ff3864", "#f6f740"],
            ["#03120e", "#16db93", "#0fa3b1", "#b5e2fa", "#f7f052"],
            ["#160029", "#ff2a9d", "#7a04eb", "#fe75fe", "#02fff0"],
            ["#e8ecf4", "#1b2cc1", "#7692ff", "#091540", "#ff4d00"],
        ],
        Style::Indie => &[
            ["#f5e6d8", "#e07a5f", "#3d5a50", "#f2cc8f", "#3d405b"],
            ["#dde5dc", "#6b9080", "#e8a598", "#a4c3b2", "#40513b"],
            ["#fbe3d6", "#d88c9a", "#8e9aaf", "#f2d0a9", "#5b5f97"],
            ["#274046", "#e6aa68", "#cad2c5", "#6a8d92", "#f4e3c1"],
        ],
        Style::Jazz => &[
            ["#0e3b5e", "#e9dcc0", "#1f6f9f", "#081c2d", "#f2a01f"],
            ["#f0e6d2", "#1a1a1a", "#c7502b", "#e6b655", "#235a73"],
            ["#1d2a1f", "#d9cfae", "#5b7a52", "#98b06f", "#e4572e"],
            ["#57163b", "#f4d9c6", "#93284f", "#2c0a1e", "#f6b042"],
        ],
        Style::Latin => &[
            ["#f9b233", "#e5352b", "#f26b21", "#7d1128", "#0b8a8f"],
            ["#0f6e6e", "#f7c548", "#ef6f4c", "#f4e3c3", "#c81d4e"],
            ["#e4405f", "#ffd166", "#ff8c42", "#5b1049", "#06a77d"],
            ["#fbe7b2", "#d7263d", "#f46036", "#1b998b", "#2e294e"],
        ],
        Style::Metal => &[
            ["#0b0b0d", "#2a2c31", "#63666d", "#9ea2a8", "#b3141c"],
            ["#0d1011", "#1f2f2a", "#4a5f57", "#9fb3a8", "#a4f000"],
            ["#140707", "#3a0d0d", "#7a1712", "#b8a58e", "#f0e6d6"],
            ["#0c0e16", "#23283b", "#4d5875", "#9aa7c7", "#e8edf8"],
        ],
        Style::Pop => &[
            ["#ffe3ec", "#ff4f8b", "#ffd23f", "#3bceac", "#540d6e"],
            ["#fff3c4", "#ff6b6b", "#4ecdc4", "#ffb400", "#1a535c"],
            ["#d9f0ff", "#3a86ff", "#ff006e", "#ffbe0b", "#8338ec"],
            ["#fde2ff", "#9b5de5", "#f15bb5", "#00bbf9", "#fee440"],
        ],
        Style::Punk => &[
            ["#f7e600", "#111111", "#ff2e88", "#ffffff", "#111111"],
            ["#ff2e63", "#111111", "#f9f871", "#ffffff", "#08d9d6"],
            ["#f2efe6", "#111111", "#e10600", "#cfcabc", "#111111"],
            ["#39ff6a", "#111111", "#ff2fd0", "#ffffff", "#111111"],
        ],
        Style::Rap => &[
            ["#16130f", "#f2c14e", "#b8862b", "#6e4d16", "#f7efe0"],
            ["#f0e9dd", "#e0452f", "#a82a1b", "#611510", "#1a1a1a"],
            ["#231942", "#e0b1cb", "#9f86c0", "#5e548e", "#f9dc5c"],
            ["#0e2a2f", "#ff9f1c", "#cb6f08", "#7c3f00", "#cbf3f0"],
        ],
        Style::RhythmAndBlues => &[
            ["#2b0f3a", "#5f1e6e", "#a1337f", "#e0607e", "#ffb48f"],
            ["#3a0f1d", "#7a1f3d", "#b83b5e", "#f08a5d", "#f9ed69"],
            ["#f7e1d7", "#dcae9c", "#b76e79", "#7d4356", "#42213d"],
            ["#0f1f3d", "#3b2a6b", "#7b3f98", "#c95d9c", "#f6b8c1"],
        ],
        Style::Rock => &[
            ["#14110f", "#d7263d", "#f46036", "#f3e9d2", "#f5c518"],
            ["#f3e9d2", "#14110f", "#c1121f", "#e09f3e", "#335c67"],
            ["#c1121f", "#14110f", "#f3e9d2", "#780000", "#fdb833"],
            ["#1b263b", "#e0e1dd", "#fca311", "#d1495b", "#edae49"],
            ["#0f2e2e", "#f4e8c1", "#e4572e", "#f0a202", "#76b5a0"],
            ["#e8b04b", "#1f1a17", "#b3342c", "#f6ead2", "#2f5d62"],
            ["#2a1a1f", "#ff6f59", "#f7e1bc", "#a4243b", "#d8973c"],
        ],
        Style::World => &[
            ["#7a2e1f", "#e3b23c", "#f0e3c8", "#1f4e5f", "#d1603d"],
            ["#1f3b4d", "#e07a3f", "#f1e2c6", "#c33c54", "#37a98b"],
            ["#f0e0c0", "#8c2f39", "#2f5d50", "#d98e2b", "#2b2d42"],
            ["#20302a", "#d9ae61", "#c8553d", "#eee0c4", "#6a994e"],
        ],
    }
}
