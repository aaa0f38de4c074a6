//! Stories in the real window: the app as it is shipped, driven like a browser, on a screen of the story's own.
//!
//! They need a Linux machine with `WebKitWebDriver` and `Xvfb`, and the app built beside them.
#![cfg(target_os = "linux")]

mod alone;
mod colleague;
mod composing;
mod desk;
mod drawer;
mod driver;
mod full_disk;
mod gate;
mod installed;
mod keychain;
mod large;
mod leaving;
mod manager;
mod pictures;
mod place;
mod reins;
mod revival;
mod search;
mod session;
mod shown;
mod side_by_side;
mod silence;
mod together;
mod tree;
mod unopened;
mod view;
mod workspaces;
