//! What a replica's disk promises, told as stories on real files.

#[cfg(test)]
#[cfg(unix)]
mod failing;
#[cfg(test)]
#[cfg(unix)]
mod faults;
#[cfg(test)]
mod files;
#[cfg(test)]
mod forks;
#[cfg(test)]
mod kill;
#[cfg(test)]
mod model;
#[cfg(test)]
mod power;
#[cfg(test)]
mod reading;
#[cfg(test)]
mod remote;
#[cfg(test)]
mod shelf;
#[cfg(test)]
mod support;
#[cfg(test)]
mod tree;
#[cfg(test)]
mod tree_model;
#[cfg(test)]
mod writing;
