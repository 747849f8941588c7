//! TLS to PostgreSQL: whom it is spoken to, with a real server and certificates.

use laserchat_ground::postgres::Postgres as Server;
use laserchat_store::postgres::LINKS;
use laserchat_store::{Postgres, System};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};

struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    fn new() -> Authority {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new([]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).unwrap().pem();
        Authority { issuer: Issuer::new(params, key), pem }
    }

    /// A certificate for a name, and its key.
    fn issue(&self, name: &str) -> (String, String) {
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new([name.to_owned()]).unwrap().signed_by(&key, &self.issuer).unwrap();
        (certificate.pem(), key.serialize_pem())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tls_is_spoken_to_whom_the_address_trusts() {
    let Some(server) = tokio::task::spawn_blocking(Server::start).await.unwrap() else { return };
    let folder = tempfile::tempdir().unwrap();
    let (authority, other) = (Authority::new(), Authority::new());
    let [ours, theirs] = ["ours.pem", "theirs.pem"].map(|name| folder.path().join(name));
    std::fs::write(&ours, &authority.pem).unwrap();
    std::fs::write(&theirs, &other.pem).unwrap();
    let (certificate, key) = authority.issue("localhost");
    let server = tokio::task::spawn_blocking(move || {
        server.speak_tls(&certificate, &key);
        server
    });
    let server = server.await.unwrap();
    let open = async |host: &str, query: String| {
        let url = format!("postgres://postgres@{host}:{}/postgres?{query}", server.port());
        let store = Postgres::open(&url, None, LINKS).await?;
        store.ping().await.map(|()| store)
    };
    let spoken = || {
        let count = "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
                     WHERE ssl AND application_name = 'laserchat'";
        server.sql("postgres", count).unwrap() != "0"
    };
    for query in [String::new(), format!("sslmode=verify-full&sslrootcert={}", ours.display())] {
        let store = open("localhost", query.clone()).await.unwrap();
        assert!(spoken(), "{query}");
        drop(store);
    }
    let plain = open("localhost", "sslmode=disable".into()).await.unwrap();
    plain.ping().await.unwrap();
    drop(plain);
    let refused = [
        ("localhost", format!("sslmode=verify-full&sslrootcert={}", theirs.display())),
        ("localhost", "sslmode=verify-full".into()),
        ("localhost", "sslmode=require".into()),
        // The certificate is for a name, and not for the address behind it.
        ("127.0.0.1", format!("sslmode=verify-full&sslrootcert={}", ours.display())),
        ("localhost", format!("sslmode=verify-full&sslrootcert={}", folder.path().join("nothing").display())),
    ];
    for (host, query) in refused {
        assert!(open(host, query.clone()).await.is_err(), "{host} {query}");
    }
}
