//! Pools: what `FtpsPool.java` calls by its number.

use crate::callbacks::Callbacks;
use crate::errors::Problem;
use crate::handles::Handles;
use crate::options;
use crate::wire::{Reader, Writer};
use crate::{encode, session};
use ftps::client::pool::PoolStatistics;
use ftps::client::Pool;
use std::sync::Arc;

static POOLS: Handles<Pooled> = Handles::new("the pool is closed");

/// A pool, and who is told what its connections do.
pub struct Pooled {
    pub pool: Pool,
    pub callbacks: Arc<Callbacks>,
}

/// Takes a pool up and returns its number. `connection` are the options of its connections, `own` those of the pool itself.
pub fn add(connection: &[u8], own: &[u8], tells_dialogue: bool) -> Result<i64, Problem> {
    let callbacks = Arc::new(Callbacks::default());
    let builder = options::builder(connection, &callbacks)?;
    let builder = builder.dialogue_observer(tells_dialogue.then(|| callbacks.observer()));
    let pool = options::pool(builder, &mut Reader::new(own))?.build();
    Ok(POOLS.add(Pooled { pool, callbacks }))
}

pub fn find(number: i64) -> Result<Arc<Pooled>, Problem> {
    POOLS.find(number)
}

/// A client, not connected yet, that will have one of its connections.
pub fn new_borrower(number: i64) -> Result<i64, Problem> {
    session::add_borrower(&*find(number)?)
}

/// Closes a pool and forgets it. Connections that are lent are closed when they come back.
pub fn close(number: i64) {
    if let Some(pooled) = POOLS.remove(number) {
        pooled.pool.close();
    }
}

/// Forgets a pool, which is closed once nobody uses it any more: those who wait for a connection, and plans, go on.
pub fn remove(number: i64) {
    drop(POOLS.remove(number));
}

pub fn statistics(number: i64) -> Result<Vec<u8>, Problem> {
    let PoolStatistics {
        open,
        idle,
        waiting,
        server_limit,
        opened,
        refused,
        discarded,
        found_dead,
        expired,
        transfers,
    } = find(number)?.pool.statistics();
    let mut writer = Writer::default();
    for count in [open, idle, waiting] {
        writer.count(count as u64);
    }
    match server_limit {
        Some(limit) => writer.count(limit as u64),
        None => writer.long(-1),
    };
    for count in [opened, refused, discarded, found_dead, expired] {
        writer.count(count);
    }
    encode::statistics(&mut writer, transfers);
    Ok(writer.finish())
}
