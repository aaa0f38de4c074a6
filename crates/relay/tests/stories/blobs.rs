//! The bytes of files: how they come to the relay, whatever happens on the way, and who gets them.

use reqwest::{Client, Method, Response, StatusCode};
use sheaf_document::ids::ContentHash;
use sheaf_protocol::problem::Code;
use sheaf_protocol::rest::{Hex, Problem, Session, blob};

use crate::world::{PASSWORD, World};

/// A photograph, as far as a relay can tell.
fn photo(seed: u8) -> Vec<u8> {
    (0..300_000u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8 ^ seed).collect()
}

/// Somebody's device, and the name of what it sends.
struct Sender<'a> {
    world: &'a World,
    session: &'a Session,
    name: String,
}

impl<'a> Sender<'a> {
    fn of(world: &'a World, session: &'a Session, bytes: &[u8]) -> Self {
        Self { world, session, name: Hex::from(ContentHash::of(bytes)).to_string() }
    }

    fn request(&self, method: Method) -> reqwest::RequestBuilder {
        let url = format!("http://{}/api/v1/blobs/{}", self.world.addr, self.name);
        Client::new().request(method, url).bearer_auth(self.session.access.expose())
    }

    /// Asks how much is there.
    async fn held(&self) -> (StatusCode, u64) {
        let response = self.request(Method::HEAD).send().await.unwrap();
        let header = if response.status().is_success() { blob::LENGTH } else { blob::OFFSET };
        (response.status(), number(&response, header))
    }

    async fn send(&self, offset: u64, of: usize, bytes: &[u8]) -> Response {
        let request = self.request(Method::PATCH).header(blob::OFFSET, offset).header(blob::LENGTH, of);
        request.body(bytes.to_vec()).send().await.unwrap()
    }

    async fn get(&self) -> Response {
        self.request(Method::GET).send().await.unwrap()
    }
}

fn number(response: &Response, header: &str) -> u64 {
    response.headers()[header].to_str().unwrap().parse().unwrap()
}

async fn code(response: Response) -> Code {
    assert!(!response.status().is_success(), "this should have been refused");
    response.json::<Problem>().await.unwrap().code()
}

#[tokio::test]
async fn a_photograph_comes_in_pieces_and_everybody_in_the_team_sees_it() {
    let world = World::start().await;
    let imke = world.join("Imke", &world.owner_link()).await.unwrap();
    let tomas = world.join("Tomás", &world.invite(&imke).await).await.unwrap();
    let photo = photo(1);
    let sender = Sender::of(&world, &imke, &photo);
    assert_eq!(sender.held().await, (StatusCode::NOT_FOUND, 0), "nobody has brought it");

    let (first, rest) = photo.split_at(100_000);
    assert_eq!(number(&sender.send(0, photo.len(), first).await, blob::OFFSET), 100_000);
    let reader = Sender::of(&world, &tomas, &photo);
    assert_eq!(code(reader.get().await).await, Code::NOT_FOUND, "half a photograph is none");
    assert_eq!(reader.held().await, (StatusCode::NOT_FOUND, 0), "Imke's half is not Tomás's");

    let lost = sender.send(0, photo.len(), first).await;
    assert_eq!(lost.status(), StatusCode::CONFLICT, "an answer was lost, and she sends it again");
    assert_eq!(number(&lost, blob::OFFSET), 100_000, "and hears where it stands");
    assert_eq!(number(&sender.send(100_000, photo.len(), rest).await, blob::OFFSET), photo.len() as u64);

    let whole = reader.get().await;
    let headers = whole.headers().clone();
    assert_eq!(whole.bytes().await.unwrap(), photo, "what she sent is what he sees");
    for (name, value) in [
        ("content-type", "application/octet-stream"),
        ("content-disposition", "attachment"),
        ("content-security-policy", "default-src 'none'; sandbox"),
        ("x-content-type-options", "nosniff"),
    ] {
        assert_eq!(headers[name], value, "nothing of a file runs in a browser");
    }
    let range = reader.request(Method::GET).header("range", "bytes=1000-1999").send().await.unwrap();
    assert_eq!(range.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(range.bytes().await.unwrap(), photo[1000..2000], "a download goes on where it broke off");
    let again = (StatusCode::OK, photo.len() as u64);
    assert_eq!(reader.held().await, again, "what is there nobody has to bring again");
    let needless = reader.send(0, photo.len(), first).await;
    assert_eq!(number(&needless, blob::OFFSET), photo.len() as u64, "who does all the same is told so");
}

#[tokio::test]
async fn bytes_under_a_wrong_name_are_dropped_and_stand_in_nobodys_way() {
    let world = World::start().await;
    let imke = world.join("Imke", &world.owner_link()).await.unwrap();
    let tomas = world.join("Tomás", &world.invite(&imke).await).await.unwrap();
    let (photo, other) = (photo(1), photo(2));
    let damaged = Sender::of(&world, &imke, &photo);
    assert_eq!(number(&damaged.send(0, photo.len(), &other[..1000]).await, blob::OFFSET), 1000);
    let honest = Sender::of(&world, &tomas, &photo);
    assert_eq!(
        honest.send(0, photo.len(), &photo).await.status(),
        StatusCode::NO_CONTENT,
        "Tomás has his own"
    );

    let late = damaged.send(1000, photo.len(), &other[1000..]).await;
    assert_eq!(number(&late, blob::OFFSET), photo.len() as u64, "the photograph is there by now");
    assert_eq!(honest.get().await.bytes().await.unwrap(), photo, "and it is the right one");

    let alone = Sender::of(&world, &imke, b"a letter");
    assert_eq!(code(alone.send(0, 8, b"a ladder").await).await, Code::BLOB_MISMATCH);
    assert_eq!(alone.held().await, (StatusCode::NOT_FOUND, 0), "she begins again");
    assert_eq!(alone.send(0, 8, b"a letter").await.status(), StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn what_is_too_large_is_refused_before_it_is_sent() {
    let world = World::with(|config| config.bounds.largest_file = 1_000).await;
    let imke = world.join("Imke", &world.owner_link()).await.unwrap();
    let film = photo(3);
    let sender = Sender::of(&world, &imke, &film);
    assert_eq!(code(sender.send(0, film.len(), b"").await).await, Code::TOO_LARGE);
    let liar = Sender::of(&world, &imke, &film[..500]);
    assert_eq!(code(liar.send(0, 500, &film).await).await, Code::TOO_LARGE, "no more than was announced");
    assert!(liar.held().await.1 <= 500, "and nothing beyond that is kept");
}

#[tokio::test]
async fn who_is_signed_out_or_was_never_in_learns_nothing() {
    let world = World::start().await;
    let imke = world.join("Imke", &world.owner_link()).await.unwrap();
    let letter = b"a letter";
    Sender::of(&world, &imke, letter).send(0, letter.len(), letter).await;
    let tablet = world.sign_in("imke@example.org", PASSWORD, "tablet").await.unwrap();
    world.sign_out(&tablet.access).await;
    assert_eq!(code(Sender::of(&world, &tablet, letter).get().await).await, Code::REVOKED);
    let url = format!("http://{}/api/v1/blobs/{}", world.addr, Hex::from(ContentHash::of(letter)));
    assert_eq!(code(Client::new().get(url).send().await.unwrap()).await, Code::UNAUTHENTICATED);
    for strange in ["..%2f..%2frelay.db", "nonsense", "", "%00"] {
        let url = format!("http://{}/api/v1/blobs/{strange}", world.addr);
        let asked = Client::new().get(url).bearer_auth(imke.access.expose()).send().await.unwrap();
        assert_eq!(code(asked).await, Code::NOT_FOUND, "a name is a hash and nothing else: {strange:?}");
    }
}

#[tokio::test]
async fn an_upload_goes_on_after_the_relay_was_gone() {
    let world = World::start().await;
    let imke = world.join("Imke", &world.owner_link()).await.unwrap();
    let photo = photo(4);
    Sender::of(&world, &imke, &photo).send(0, photo.len(), &photo[..200_000]).await;
    let World { data, relay, _dir, .. } = world;
    relay.stop().await.unwrap();

    let world = World::again(data, _dir).await;
    let sender = Sender::of(&world, &imke, &photo);
    assert_eq!(sender.held().await, (StatusCode::NOT_FOUND, 200_000), "nothing is sent twice");
    sender.send(200_000, photo.len(), &photo[200_000..]).await;
    assert_eq!(sender.get().await.bytes().await.unwrap(), photo);
}
