//! Where a window stands: in the middle of the screen, or in one half of it, beside another.
//!
//! Plain arithmetic in logical pixels. A system may decide otherwise: under Wayland no program places its own windows.

/// The size of a window that has room.
pub const FULL: (f64, f64) = (1280.0, 800.0);
/// The smallest size that a person can give it.
pub const LEAST: (f64, f64) = (720.0, 480.0);
/// What the system's own frame takes of the height.
pub const FRAME: f64 = 40.0;

/// One half of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The left one.
    Left,
    /// The right one.
    Right,
}

impl Side {
    /// Returns the side with this name.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "left" => Some(Self::Left),
            "right" => Some(Self::Right),
            _ => None,
        }
    }
}

/// A part of the screen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    /// The distance from the left.
    pub x: f64,
    /// The distance from the top.
    pub y: f64,
    /// The width.
    pub width: f64,
    /// The height.
    pub height: f64,
}

impl Area {
    /// Returns where a window stands in one half of this area. Two such windows meet in its middle.
    pub fn half(self, side: Side) -> Self {
        let width = FULL.0.min(self.width / 2.0);
        let height = FULL.1.min(self.height - FRAME);
        let middle = self.x + self.width / 2.0;
        let x = if side == Side::Left { middle - width } else { middle };
        Self { x, y: self.y + (self.height - FRAME - height) / 2.0, width, height }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_windows_stand_side_by_side_on_any_screen() {
        for (x, y, width, height) in [
            (0.0, 0.0, 1280.0, 720.0),
            (0.0, 27.0, 1366.0, 741.0),
            (72.0, 0.0, 1848.0, 1080.0),
            (1920.0, 0.0, 3840.0, 2160.0),
        ] {
            let screen = Area { x, y, width, height };
            let [left, right] = [Side::Left, Side::Right].map(|side| screen.half(side));
            assert_eq!(left.x + left.width, right.x, "they meet, and neither covers the other: {screen:?}");
            assert!(left.x >= x && right.x + right.width <= x + width, "both are on the screen: {screen:?}");
            for window in [left, right] {
                assert!(window.y >= y && window.y + window.height + FRAME <= y + height, "{screen:?}");
                assert!(window.width <= FULL.0 && window.height <= FULL.1, "no larger than one alone");
            }
        }
    }
}
