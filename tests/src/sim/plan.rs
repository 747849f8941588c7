//! Plans: what one seed's world is like.
//!
//! Every seed draws its own: some worlds have a store that fails and perfect cables, some the reverse, some neither.
//! Bugs hide in particular mixtures, and a world in which everything fails all the time gets little done.

use super::dice::Dice;

#[derive(Debug, Clone)]
pub struct Plan {
    pub users: usize,
    /// Devices of each user at most.
    pub devices: usize,
    /// Things that happen, people's doings and faults together.
    pub steps: usize,
    /// Milliseconds between two of them at most.
    pub pause: usize,
    /// How many times more often than usual people come and go.
    pub moves: usize,
    pub store: StorePlan,
    pub wire: WirePlan,
    /// How often in a thousand steps each fault happens.
    pub faults: Faults,
}

/// How the store behaves, in a thousand calls, and how long a call takes at most, in milliseconds.
#[derive(Debug, Clone, Default)]
pub struct StorePlan {
    pub read_fails: usize,
    pub write_fails: usize,
    /// An append is committed, but the answer is an error.
    pub answer_lost: usize,
    /// The server dies when an append has just been committed.
    pub dies_after_commit: usize,
    /// The server dies when an append was about to be committed.
    pub dies_before_commit: usize,
    pub delay: usize,
}

#[derive(Debug, Clone)]
pub struct WirePlan {
    /// Milliseconds that a frame, a request or an answer takes at most.
    pub delay: usize,
    /// Frames on their way to a device, before the server has to wait.
    pub window: usize,
    /// Frames that the server keeps for a device, before it cuts it off.
    pub queue: usize,
}

#[derive(Debug, Clone, Default)]
pub struct Faults {
    pub cut: usize,
    /// The device loses the connection and the server does not notice.
    pub half_open: usize,
    pub unplug: usize,
    /// A device takes its frames slowly for a while.
    pub stall: usize,
    /// A device starts again from what it had written some time before.
    pub reload: usize,
    /// A device signs in anew and holds nothing.
    pub wipe: usize,
    pub crash: usize,
    /// The server stops in good order.
    pub stop: usize,
    /// A backup is taken, or one that was is restored.
    pub restore: usize,
}

impl Plan {
    pub fn draw(dice: &mut Dice) -> Plan {
        let mut one_of = |among: &[usize]| dice.pick(among).copied().unwrap_or_default();
        let store = StorePlan {
            read_fails: one_of(&[0, 0, 10, 100]),
            write_fails: one_of(&[0, 0, 20, 150]),
            answer_lost: one_of(&[0, 0, 20, 100]),
            dies_after_commit: one_of(&[0, 0, 10, 40]),
            dies_before_commit: one_of(&[0, 0, 10, 40]),
            delay: one_of(&[0, 2, 20, 200, 600]),
        };
        let wire =
            WirePlan { delay: one_of(&[0, 5, 50, 300]), window: one_of(&[1, 4, 64]), queue: one_of(&[6, 24, 512]) };
        let faults = Faults {
            cut: one_of(&[0, 20, 80]),
            half_open: one_of(&[0, 20, 60]),
            unplug: one_of(&[0, 20, 60]),
            stall: one_of(&[0, 20, 60]),
            reload: one_of(&[0, 10, 40]),
            wipe: one_of(&[0, 0, 15]),
            crash: one_of(&[0, 0, 15, 40]),
            stop: one_of(&[0, 0, 10]),
            restore: one_of(&[0, 0, 0, 30]),
        };
        Plan {
            users: one_of(&[2, 3, 4, 5]),
            devices: one_of(&[1, 2, 2]),
            steps: one_of(&[20, 40, 70, 110]),
            pause: one_of(&[2, 20, 80, 300]),
            moves: one_of(&[1, 1, 5]),
            store,
            wire,
            faults,
        }
    }
}
