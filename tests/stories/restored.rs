//! A relay that is brought back from a backup: what was acknowledged since comes back from those who hold it.

use sheaf_client::Status;
use sheaf_protocol::entry::Origin;
use sheaf_relay::restored;
use sheaf_stories::world::World;

use crate::people::{paragraph, team};

#[tokio::test(flavor = "multi_thread")]
async fn what_a_backup_does_not_hold_comes_back_from_the_people() -> anyhow::Result<()> {
    let mut world = World::begin().await?;
    let people = team(&world, &["Imke", "Tomás"]).await?;
    let [imke, tomás] = people.as_slice() else { anyhow::bail!("two people") };
    let document = imke.replica.create("Minutes", vec![paragraph("before")], Origin::TYPED).await?;
    tomás.has_all(document, &["before".to_owned()].into()).await?;
    world.stop_relay().await?;
    let (database, backup) = (world.folder().join("relay.db"), world.folder().join("backup.db"));
    std::fs::copy(&database, &backup)?;
    world.start_relay().await?;

    imke.write(document, "acknowledged after the backup").await?;
    tomás.has_all(document, &["acknowledged after the backup".to_owned()].into()).await?;
    imke.until("in step", Status::is_synced).await?;
    tomás.until("in step", Status::is_synced).await?;
    world.stop_relay().await?;
    std::fs::copy(&backup, &database)?;
    tomás.line.cut();
    let kept = restored::begin_new_life(world.folder())?;
    world.start_relay().await?;

    // Imke alone is back. What she writes gets the numbers that Tomás knows as others'.
    imke.write(document, "written on the restored relay").await?;
    imke.until("in step again", Status::is_synced).await?;
    tomás.line.restore();
    let lines = ["before", "acknowledged after the backup", "written on the restored relay"];
    let all = lines.map(str::to_owned).into();
    assert_eq!(tomás.has_all(document, &all).await?, imke.has_all(document, &all).await?);
    assert!(kept > 0, "the backup held the beginning");

    // Whoever comes now gets everything from the relay.
    let link = world.invitation(world.address())?;
    let ada = crate::people::Person::join("Ada", world.address(), &link).await?;
    ada.has_all(document, &all).await?;
    Ok(())
}
