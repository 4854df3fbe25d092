/**
 * What a store says to a claim: `'claimed'`: the key is the caller's until the lease ends; `'done'`: it was handled already;
 * `'busy'`: another claim holds it.
 */
export declare type ClaimOutcome = 'claimed' | 'done' | 'busy';

/**
 * Remembers which messages were handled and which are in hand, for `idempotent`. A key is free, claimed with a token until a
 * lease ends, or done for a time. Each call must be atomic, also among processes where the store is shared by them. Time is the
 * store's own, so that the clocks of consumers need not agree. Any rejection counts as a failure of the store.
 */
export declare interface IdempotencyStore {
    /**
     * Takes a key that is free, or whose claim has run out, for `leaseMs` from now. The holder's own token prolongs its claim,
     * and takes a key again that has become free.
     */
    claim(key: string, token: string, leaseMs: number): Promise<ClaimOutcome>;
    /**
     * Has the key count as handled for `ttlMs` from now: by its holder, also by one whose claim has run out, as long as nobody else
     * holds it. False, and nothing is changed, where another claim does.
     */
    done(key: string, token: string, ttlMs: number): Promise<boolean>;
    /** Frees a key that this token holds. The claim of another, and a key that is done, stay as they are. */
    release(key: string, token: string): Promise<void>;
}

/** What is used of a client or cluster client of the package `ioredis`. */
export declare interface IoredisLike {
    /** Tells it from clients of node-redis. */
    defineCommand: unknown;
    /** Runs a Lua script on the server. */
    eval(script: string, numberOfKeys: number, ...keysAndArguments: string[]): Promise<unknown>;
}

/** What is used of a client, pool or cluster client of the package `redis` (node-redis), from version 4 on. */
export declare interface NodeRedisLike {
    /** Runs a Lua script on the server. */
    eval(script: string, options: {
        keys: string[];
        arguments: string[];
    }): Promise<unknown>;
}

/**
 * Remembers handled messages in Redis, from 2.6.12 on, for all members of a group; one key a message, each call one script. What
 * Redis forgets may be handled again: keep it from evicting (`maxmemory-policy noeviction`), and know that a failover may lose
 * the last writes.
 */
export declare class RedisIdempotencyStore implements IdempotencyStore {
    #private;
    /** @throws RocketMQError INVALID_ARGUMENT */
    constructor(options: RedisIdempotencyStoreOptions);
    /** As `IdempotencyStore.claim`; rejects with the client's error. */
    claim(key: string, token: string, leaseMs: number): Promise<ClaimOutcome>;
    /** As `IdempotencyStore.done`; rejects with the client's error. */
    done(key: string, token: string, ttlMs: number): Promise<boolean>;
    /** As `IdempotencyStore.release`; rejects with the client's error. */
    release(key: string, token: string): Promise<void>;
}

/** Options of a store in Redis. */
export declare interface RedisIdempotencyStoreOptions {
    /** Connected by the user, who also closes it. */
    readonly client: IoredisLike | NodeRedisLike;
    /** Begins the name of every key; default `rocketwire:`. */
    readonly prefix?: string;
}

/** Whose SQL is spoken. `mysql` is also MariaDB's. */
export declare type SqlDialect = 'postgresql' | 'mysql';

/**
 * Remembers handled messages in a table of a database, for all members of a group: one row a message, its key unique.
 * The table is made by `createTableSql`; rows past their time are overwritten, or removed by `purge`.
 */
export declare class SqlIdempotencyStore implements IdempotencyStore {
    #private;
    /** @throws RocketMQError INVALID_ARGUMENT */
    constructor(options: SqlIdempotencyStoreOptions);
    /** The SQL that makes the table and its index where they are missing: for a migration, or a client that takes several statements. */
    createTableSql(): string;
    /** As `IdempotencyStore.claim`; rejects with the error of `query`. */
    claim(key: string, token: string, leaseMs: number): Promise<ClaimOutcome>;
    /** As `IdempotencyStore.done`; rejects with the error of `query`. */
    done(key: string, token: string, ttlMs: number): Promise<boolean>;
    /** As `IdempotencyStore.release`; rejects with the error of `query`. */
    release(key: string, token: string): Promise<void>;
    /**
     * Removes up to `limit` rows that are past their time, 1 to 1000000; default 10000. To be called now and then: nothing else
     * removes rows. Rejects with the error of `query`.
     */
    purge(limit?: number): Promise<void>;
}

/** Options of a store in a database. */
export declare interface SqlIdempotencyStoreOptions {
    /**
     * With `pg`: `async (sql, parameters) => (await pool.query(sql, parameters)).rows`; with `mysql2/promise`:
     * `async (sql, parameters) => (await pool.query(sql, parameters))[0]`.
     */
    readonly query: SqlQuery;
    /** `postgresql` from 9.5 on, or `mysql`, which is also MariaDB. */
    readonly dialect: SqlDialect;
    /** Table, also as `schema.table`: letters, digits and underscores; default `rocketwire_idempotency`. */
    readonly table?: string;
}

/**
 * Runs one statement and resolves with its rows, as objects by column name; what it resolves with for a statement without
 * rows does not matter. Each call must be committed when it resolves.
 */
export declare type SqlQuery = (sql: string, parameters: (string | number)[]) => Promise<unknown>;

export { }
