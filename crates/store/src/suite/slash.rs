//! Slash commands: whose they are, where they can be given, and what signs their posts.

use laserchat_protocol::UserId;
use laserchat_protocol::limits::COMMANDS_PER_BOT;

use super::world::{World, new_user};
use crate::{NewSlashCommand, NewUser, SlashTarget, Store};

async fn bot(world: &World<'_>, owner: UserId, name: &str) -> UserId {
    let new = NewUser { bot_owner: Some(owner), ..new_user(UserId(world.id()), name) };
    world.store.create_user(new).await.unwrap().unwrap().id
}

fn command(bot: UserId, name: &str, target: Option<(&str, u8)>) -> NewSlashCommand {
    NewSlashCommand {
        bot,
        name: name.into(),
        description: "What it does".into(),
        usage: "[this]".into(),
        url: target.map(|(url, _)| url.into()),
        secret: target.map(|(_, secret)| vec![secret; 32]),
    }
}

pub async fn they_are_where_their_bots_are(store: &dyn Store) {
    let world = World::new(store);
    let ann = world.person("ann").await;
    let [dice, cards] = [bot(&world, ann, "dice").await, bot(&world, ann, "cards").await];
    let [both, one] = [world.group(ann, &[dice, cards]).await, world.group(ann, &[dice]).await];
    for (bot, name) in [(dice, "roll"), (dice, "help"), (cards, "roll")] {
        store.set_slash_command(command(bot, name, None)).await.unwrap().unwrap();
    }
    let names = async |id| {
        let found = store.slash_commands_in(id).await.unwrap();
        found.into_iter().map(|one| (one.name, one.bot.id)).collect::<Vec<_>>()
    };
    let (help, roll, deal) = (("help".to_owned(), dice), ("roll".to_owned(), dice), ("roll".to_owned(), cards));
    assert_eq!(names(both).await, [help.clone(), roll.clone(), deal.clone()], "by name, and then by age");
    assert_eq!(names(one).await, [help.clone(), roll.clone()]);
    world.leave(both, dice).await;
    assert_eq!(names(both).await, [deal]);
    store.set_disabled(dice, true).await.unwrap();
    assert!(names(one).await.is_empty());
    store.set_disabled(dice, false).await.unwrap();
    assert!(!store.remove_slash_command(cards, "help").await.unwrap(), "it is not theirs");
    assert!(store.remove_slash_command(dice, "help").await.unwrap());
    assert_eq!(names(one).await, [roll]);
    assert_eq!(store.slash_commands_of(dice).await.unwrap().len(), 1);
}

pub async fn a_secret_lives_as_long_as_the_url(store: &dyn Store) {
    let world = World::new(store);
    let ann = world.person("ann").await;
    let dice = bot(&world, ann, "dice").await;
    let set = async |target| store.set_slash_command(command(dice, "roll", target)).await.unwrap().unwrap();
    let target = async || store.slash_target(dice, "roll").await.unwrap();
    let (made, fresh) = set(None).await;
    assert_eq!((made.usage.as_str(), made.url, made.secret, fresh), ("[this]", None, None, false));
    assert_eq!(target().await, None);
    assert!(set(Some(("https://a.example", 1))).await.1, "it is new");
    let (made, fresh) = set(Some(("https://b.example", 2))).await;
    assert_eq!((made.url.as_deref(), fresh), (Some("https://b.example"), false));
    assert_eq!(target().await, Some(SlashTarget { url: "https://b.example".into(), secret: vec![1; 32] }));
    set(None).await;
    assert_eq!(target().await, None);
    assert!(set(Some(("https://c.example", 3))).await.1, "the one before is gone");
    assert_eq!(target().await.unwrap().secret, [3; 32]);
}

pub async fn a_bot_has_so_many(store: &dyn Store) {
    let world = World::new(store);
    let ann = world.person("ann").await;
    let dice = bot(&world, ann, "dice").await;
    for number in 0..COMMANDS_PER_BOT {
        assert!(store.set_slash_command(command(dice, &format!("c{number}"), None)).await.unwrap().is_some());
    }
    assert!(store.set_slash_command(command(dice, "more", None)).await.unwrap().is_none());
    assert!(store.set_slash_command(command(dice, "c0", None)).await.unwrap().is_some(), "it has this one");
    assert_eq!(store.slash_commands_of(dice).await.unwrap().len(), COMMANDS_PER_BOT);
}
