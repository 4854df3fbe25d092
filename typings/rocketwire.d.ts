import type { ConnectionOptions } from 'node:tls';
import type { Duplex } from 'node:stream';
import { EventEmitter } from 'node:events';
import { default as Long_2 } from 'long';

/** Some of several messages were not acknowledged; the others were. */
export declare class AckError extends RocketMQError {
    /** Name of the class, as stack traces show it. */
    readonly name = "AckError";
    /** In the order in which they were given; these messages come again. */
    readonly failures: readonly AckFailure[];
    constructor(message: string, failures: readonly AckFailure[], options: ErrorOptions_2);
}

/** Why one message was not acknowledged. */
export declare interface AckFailure {
    /** The message, as it was given. */
    readonly message: MessageExt;
    /** Why it was not acknowledged. */
    readonly error: RocketMQError;
}

/**
 * Administration of topics, groups, offsets and messages. What is stored per broker is changed on every master and read
 * from every broker; where some of them fail, the error names them and those that have done it.
 *
 * Every call takes `timeoutMs`, the limit of the whole call (default 10000), and `signal`, which ends it early. All reject
 * with NO_NAME_SERVER, CONNECT_FAILED, CHANNEL_CLOSED, REQUEST_TIMEOUT or ABORTED where servers cannot be reached in time,
 * with a `BrokerError` where one refuses, with INVALID_ARGUMENT, INVALID_TOPIC or INVALID_GROUP for wrong input before
 * anything is sent, and with INVALID_STATE before `start` and after `shutdown`.
 *
 * @example
 * const admin = new AdminClient({ namesrvAddr: '127.0.0.1:9876' })
 * await admin.start()
 * await admin.createTopic({ topic: 'Orders', writeQueueNums: 16, readQueueNums: 16 })
 * const { lag } = await admin.consumeStats('billing')
 * await admin.shutdown()
 */
export declare class AdminClient extends ClientMember<AdminClientEvents> {
    #private;
    /** @throws RocketMQError INVALID_ARGUMENT, NO_NAME_SERVER */
    constructor(options: ClientOptions);
    /**
     * Reaches a name server.
     * @throws RocketMQError NO_NAME_SERVER, START_TIMEOUT, INVALID_STATE, ABORTED
     */
    start(options?: StartOptions): Promise<void>;
    /**
     * Creates a topic on every master, of one cluster or one broker where that is given, or changes it where it exists;
     * resolves when all name servers that can be reached tell of it. What is left out of `settings` gets its default, also
     * when a topic is changed.
     * @throws RocketMQError BROKER_NOT_FOUND where there is no master, TOPIC_NOT_FOUND where the topic was created and
     * name servers do not tell of it in time, UNSUPPORTED_BY_BROKER for a message type before 5.0
     */
    createTopic(settings: TopicSettings): Promise<void>;
    /**
     * Deletes a topic with its messages from every master, then its route and its order from every name server. Succeeds for
     * a topic that does not exist, too. Stop its producers first, and let what was sent be consumed: a broker of 4.9 can
     * crash when it is still storing messages of a topic that is deleted.
     */
    deleteTopic(topic: string, options?: CallOptions): Promise<void>;
    /** Names of all topics in order, those of RocketMQ itself and `%RETRY%` and `%DLQ%` topics included. */
    topics(options?: CallOptions): Promise<string[]>;
    /**
     * Where a topic lives.
     * @throws RocketMQError TOPIC_NOT_FOUND
     */
    topicRoute(topic: string, options?: CallOptions): Promise<TopicRoute>;
    /**
     * What each queue of a topic holds, by broker name and queue id.
     * @throws RocketMQError TOPIC_NOT_FOUND
     */
    topicStats(topic: string, options?: CallOptions): Promise<TopicQueueStats[]>;
    /** All brokers by name, and the names by cluster. */
    clusters(options?: CallOptions): Promise<ClusterInfo>;
    /**
     * Creates a consumer group on every master, of one cluster or one broker where that is given, or changes it where it
     * exists. What is left out of `settings` gets its default, also when a group is changed.
     * @throws RocketMQError BROKER_NOT_FOUND where there is no master
     */
    createGroup(settings: GroupSettings): Promise<void>;
    /**
     * Deletes a consumer group from every master; its offsets only with `cleanOffsets`. Its retry and dead-letter topics
     * stay until `deleteTopic`, and brokers may create the group anew when a member of it comes.
     */
    deleteGroup(consumerGroup: string, options?: CallOptions & {
        readonly cleanOffsets?: boolean;
    }): Promise<void>;
    /**
     * Has the members of a consumer group pop the messages of a topic, or pull them as at first, on every master that has the
     * topic, or on those of one cluster or one broker where that is given. Members that run take it over by their next
     * rebalance, within 20 s; those that broadcast, or share the queues by themselves (`clientRebalance`), always pull.
     * @throws RocketMQError TOPIC_NOT_FOUND, BROKER_NOT_FOUND where a broker of the topic has no master now,
     * UNSUPPORTED_BY_BROKER before 5.0
     * @throws BrokerError SUBSCRIPTION_GROUP_NOT_EXIST where a broker does not know the group and may not create it,
     * NO_PERMISSION for a retry topic, which is always pulled
     */
    setMessageRequestMode(topic: string, consumerGroup: string, mode: MessageRequestMode, options?: RequestModeOptions): Promise<void>;
    /**
     * How far a consumer group is on all topics that it has committed offsets of, or on `topic`: its lag. While members are
     * online, brokers leave topics out that those do not subscribe to.
     */
    consumeStats(consumerGroup: string, options?: CallOptions & {
        readonly topic?: string;
    }): Promise<GroupConsumeStats>;
    /** The members of a consumer group and what they subscribe to; undefined where nobody is online. */
    consumerConnections(consumerGroup: string, options?: CallOptions): Promise<ConsumerConnection | undefined>;
    /**
     * What a member of a consumer group tells of itself: options, subscriptions, queues and speed; with `jstack` also what it
     * does at the moment.
     * @throws BrokerError SYSTEM_ERROR where the member is not online, CONSUME_MSG_TIMEOUT where it does not answer
     */
    consumerRunningInfo(member: ConsumerMemberId, options?: CallOptions & {
        readonly jstack?: boolean;
    }): Promise<ConsumerRunningInfo>;
    /** The next offset of each queue of a topic, as the members of a consumer group that have them tell. */
    consumerStatus(consumerGroup: string, topic: string, options?: CallOptions): Promise<ConsumerQueueOffset[]>;
    /**
     * Has a member of a consumer group handle a stored message once more, and tells what came of it. No offset is changed.
     * @param message as `viewMessage` or a query returned it
     * @throws BrokerError SYSTEM_ERROR where the member is not online, CONSUME_MSG_TIMEOUT where its listener takes too long
     */
    consumeMessageDirectly(member: ConsumerMemberId, message: Pick<MessageExt, 'topic' | 'offsetMsgId' | 'storeHost'>, options?: CallOptions): Promise<ConsumeMessageDirectlyResult>;
    /**
     * The members of a producer group, on all brokers or only those of `topic`; none where nobody is online.
     * @throws RocketMQError TOPIC_NOT_FOUND
     */
    producerConnections(producerGroup: string, options?: CallOptions & {
        readonly topic?: string;
    }): Promise<Connection[]>;
    /**
     * Has a consumer group go on with a topic at a time, at its oldest messages or at its end, and resolves with the new
     * offset of each queue. Members that are online take it over: from 5.2 the broker sets the offsets and they learn of it
     * by their next pull, which a broker may hold for 15 s, before that the broker tells them at once. Brokers before 5.2
     * do not check that there is such a group.
     * @throws RocketMQError TOPIC_NOT_FOUND, BROKER_NOT_FOUND where a broker of the topic has no master now
     * @throws BrokerError SUBSCRIPTION_GROUP_NOT_EXIST where brokers from 5.2 do not know the group
     */
    resetOffsets(options: ResetOffsets): Promise<QueueOffset[]>;
    /**
     * The message that an offset id (`offsetMsgId`) names, from the broker whose address is in the id. A message of an inner
     * batch comes as the batch that it is stored in.
     * @throws RocketMQError INVALID_ARGUMENT where it is no offset id, MESSAGE_NOT_FOUND, MESSAGE_UNREADABLE
     */
    viewMessage(offsetMsgId: string, options?: CallOptions & {
        readonly topic?: string;
    }): Promise<MessageExt>;
    /**
     * Messages of a topic that have a key, newest first. Brokers index a message a moment after they have stored it.
     * @throws RocketMQError TOPIC_NOT_FOUND, MESSAGE_UNREADABLE
     */
    queryByKey(topic: string, key: string, options?: KeyQuery): Promise<MessageExt[]>;
    /**
     * The story of a message, oldest first, as the producers and consumers tell it that trace: who sent it, which listeners
     * had it, and how that ended. Traces come a few seconds late, and brokers index them a moment after that.
     * @throws RocketMQError TOPIC_NOT_FOUND where brokers have no such trace topic
     */
    queryMessageTrace(msgId: string, options?: TraceQuery): Promise<Trace[]>;
    /**
     * Messages of a topic that have a unique id (`msgId`), newest first: there may be several, as a retry of a send stores
     * the message again. Brokers index a message a moment after they have stored it; delayed ones when they are delivered.
     * @throws RocketMQError TOPIC_NOT_FOUND, MESSAGE_UNREADABLE
     */
    queryByUniqueKey(topic: string, msgId: string, options?: UniqueKeyQuery): Promise<MessageExt[]>;
    /**
     * Takes no more calls, waits for those under way and closes connections that nobody else uses. Further calls get the same
     * promise.
     * @param options `timeoutMs`: limit of the wait, default 10000; to close what is left
     * takes 3 s more at the most, where brokers do not answer
     * @throws RocketMQError SHUTDOWN_INCOMPLETE where calls were under way at the end of it; they reject with ABORTED
     * @throws RocketMQError INVALID_ARGUMENT for a wrong `timeoutMs`; nothing is shut down then
     */
    shutdown(options?: {
        timeoutMs?: number;
    }): Promise<void>;
    /** What it is doing at the moment. */
    stats(): AdminClientStats;
}

/** Events of an admin client. */
export declare interface AdminClientEvents {
    /** Something failed that no call waits for, such as the periodic question for routes. */
    backgroundError: [error: RocketMQError];
}

/** A snapshot of what an admin client is doing. */
export declare interface AdminClientStats {
    /** Where in its life it is, from `created` to `stopped` or `failed`. */
    readonly state: LifecycleState;
    /** Calls that have not ended yet. */
    readonly callsRunning: number;
}

/** Options that few need. */
export declare interface AdvancedOptions {
    /** Header form of requests; default JSON. Replies are read in either form. */
    readonly serialization?: SerializeType;
    /** Language to announce; default NODE_JS to brokers that know it (from 5.3.2), else OTHER. */
    readonly language?: string;
    /** Last part of the client id; default is the process id with a random part. Two clients must not share an id by accident. */
    readonly instanceName?: string;
    /** Appended to the client id, for unitised deployments. */
    readonly unitName?: string;
    /** Tells brokers that messages and groups are of a unitised deployment; they mark the topics for it. Default false. */
    readonly unitMode?: boolean;
    /** Source of time; default is the system's. */
    readonly clock?: Clock;
    /** Opens connections, such as through a proxy; default is plain TCP. With `tls`, TLS is spoken over what it opens. */
    readonly dialer?: Dialer;
}

/** Runs of neighbouring queues, as equal as can be: the default, as in Java. */
export declare const allocateAveragely: AllocateMessageQueueStrategy;

/** Queues are dealt out one by one, round and round. */
export declare const allocateAveragelyByCircle: AllocateMessageQueueStrategy;

/** A fixed list of queues for this member; that the members' lists add up to all queues is the user's care. */
export declare function allocateByConfig(queues: readonly MessageQueue[]): AllocateMessageQueueStrategy;

/**
 * A ring on which every client has `virtualNodes` places; a queue goes to the next place after its own hash. Few queues
 * move when members come and go, and the shares are less even. Throws INVALID_ARGUMENT for a negative number of places.
 */
export declare function allocateByConsistentHash(virtualNodes?: number): AllocateMessageQueueStrategy;

/**
 * Shares only the queues of brokers that are named `room@broker` with one of these rooms. Queues of other rooms are for
 * groups of other rooms: in this group nobody gets them.
 */
export declare function allocateByMachineRoom(rooms: Iterable<string>): AllocateMessageQueueStrategy;

/** What a strategy decides upon. Queues and client ids are sorted alike by every member of the group. */
export declare interface AllocateInput {
    /** Name of the consumer group as brokers know it, with its namespace. */
    readonly consumerGroup: string;
    /** The member that asks. */
    readonly clientId: string;
    /** All queues of the topic, in order. */
    readonly queues: readonly MessageQueue[];
    /** Client ids of all members, in order. */
    readonly clientIds: readonly string[];
}

/**
 * Queues go to members of their own room; those of rooms without members are shared by all. `inner` does the sharing.
 * `allocate` throws INVALID_ARGUMENT where the resolver knows no room.
 */
export declare function allocateMachineRoomNearby(inner: AllocateMessageQueueStrategy, resolver: MachineRoomResolver): AllocateMessageQueueStrategy;

/**
 * Shares the queues of a topic among the members of a group. It must be pure: every member runs it for itself with the
 * same queues and client ids, and all together must have each queue once. All members need the same strategy.
 */
export declare interface AllocateMessageQueueStrategy {
    /** Name that brokers hear, such as `AVG`. */
    readonly name: string;
    /** The queues of the member that asks. */
    allocate(input: AllocateInput): MessageQueue[];
}

/** Limits of `assign`, and what is wanted of the queues. */
export declare interface AssignOptions extends CallOptions {
    /** As for `subscribe`; default all messages. */
    readonly expression?: SubscriptionExpression;
}

/** A broker that sends avoid, where others will do. */
export declare interface AvoidedBroker {
    /** Its name, as routes tell it. */
    readonly brokerName: string;
    /** For how long still, ms; 0 where it is avoided only as long as it cannot be reached. */
    readonly forMs: number;
    /** False where it has not answered, or refused a send for a reason of its own, and has answered nothing since. */
    readonly reachable: boolean;
}

/** A split batch failed after some of its parts were sent. */
export declare class BatchError extends RocketMQError {
    /** Name of the class, as stack traces show it. */
    readonly name = "BatchError";
    /** Results of the parts that were sent, in order; the messages after them were not sent, or their fate is unknown. */
    readonly results: readonly SendResult[];
    /** How many messages the sent parts held. */
    readonly sentMessages: number;
    constructor(message: string, results: readonly SendResult[], sentMessages: number, options: ErrorOptions_2);
}

/** The message that holds the progress of a queue back. */
export declare interface BlockingMessage {
    /** Its offset in the queue. */
    readonly offset: number;
    /** Its sharding key; undefined where it has none. */
    readonly shardingKey: string | undefined;
    /** How often it has failed. */
    readonly reconsumeTimes: number;
}

/** Addresses of one broker name (Java `BrokerData`). */
export declare interface BrokerData {
    /** Name of the cluster that it belongs to. */
    readonly cluster: string;
    /** Name that a master and its slaves share. */
    readonly brokerName: string;
    /** Broker id to `host:port`; id 0 is the master, others are slaves. */
    readonly brokerAddrs: ReadonlyMap<number, string>;
    /** Name of the zone that it stands in, where the broker tells one. */
    readonly zoneName?: string;
}

/** The broker or name server answered with an error code. */
export declare class BrokerError extends RocketMQError {
    /** Name of the class, as stack traces show it. */
    readonly name = "BrokerError";
    /** BROKER_ERROR, or what kind of refusal by access control it was. */
    readonly code: BrokerErrorCode;
    /** RocketMQ's name of the response code, such as `'TOPIC_NOT_EXIST'`, or its number where it has none. */
    readonly responseCode: string;
    /** The peer's own words. */
    readonly remark: string | undefined;
    constructor(responseCode: string, remark: string | undefined, message: string, { code, ...options }?: BrokerErrorOptions);
    /** True for a `BrokerError`, of this code where one is given. */
    static is(error: unknown, responseCode?: string): error is BrokerError;
}

/** The codes of a `BrokerError`: any answer, or one of access control. */
export declare type BrokerErrorCode = 'BROKER_ERROR' | 'AUTHENTICATION_FAILED' | 'PERMISSION_DENIED';

/** `ErrorOptions` of an answer; `code` defaults to `BROKER_ERROR`. */
export declare interface BrokerErrorOptions extends ErrorOptions_2 {
    /** Default BROKER_ERROR. */
    readonly code?: BrokerErrorCode;
}

/** A broker that a client knows of by the routes of its topics. */
export declare interface BrokerHealth {
    /** Name that it shares with its master or slaves. */
    readonly brokerName: string;
    /** 0 for a master. */
    readonly brokerId: number;
    /** `host:port`. */
    readonly address: string;
    /** Whether a connection to it is open. */
    readonly connected: boolean;
    /** When it answered a heartbeat last, ms since 1970 UTC; undefined where it never did, or hears none. */
    readonly lastHeartbeatAt: number | undefined;
    /** Why the last heartbeat to it failed; undefined where it did not. */
    readonly error: string | undefined;
}

/** Which brokers a setting is for; all masters of all clusters where nothing is said. */
export declare interface BrokerScope {
    /** Only the masters of this cluster. */
    readonly clusterName?: string | undefined;
    /** Only the broker with this address, `host:port`. */
    readonly brokerAddress?: string | undefined;
}

/** How long a call may wait, and what ends the wait before. */
export declare interface CallOptions {
    /** Limit of the whole call, connecting included, ms. */
    readonly timeoutMs?: number | undefined;
    /** Ends the call with ABORTED, whose `cause` is the reason of the signal. */
    readonly signal?: AbortSignal | undefined;
}

/**
 * What a store says to a claim: `'claimed'`: the key is the caller's until the lease ends; `'done'`: it was handled already;
 * `'busy'`: another claim holds it.
 */
export declare type ClaimOutcome = 'claimed' | 'done' | 'busy';

/** What a producer, a consumer and an admin client have in common: a life, and their share of a client. */
declare abstract class ClientMember<Events extends EventMap<Events>> extends SafeEmitter<Events> {
    #private;
    /** The id by which brokers know this client; undefined before `start`. */
    get clientId(): string | undefined;
    /** True from the end of `start` to the beginning of `shutdown`. */
    get isRunning(): boolean;
    /**
     * Whether it can do its work, for readiness probes: from what is known, at no cost. Shared connections are told of by all
     * that share them.
     */
    health(): Health;
    /** Ends it as by default; see there. */
    abstract shutdown(): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
}

/** What producers, consumers and the admin client have in common. Options given in code beat the environment. */
export declare interface ClientOptions {
    /**
     * Name servers: `'h1:9876;h2:9876'`, bracketed IPv6, a list of such, or the http(s) URL of an address server.
     * Default: the environment variable NAMESRV_ADDR.
     */
    readonly namesrvAddr?: string | readonly string[];
    /**
     * Namespace, version 1: on brokers topics and groups are called `namespace%name`; here all names are without it. Letters,
     * digits, `_` and `-`. Default: none, or that of the endpoint of a cloud instance. Not for the admin client.
     */
    readonly namespace?: string;
    /** Namespace, version 2, of proxies and brokers from 5.2: a field of every request; names stay as they are. Default: none. */
    readonly namespaceV2?: string;
    /** Limit of one request to a broker or name server, ms; default 3000 (Java `mqClientApiTimeout`). */
    readonly requestTimeoutMs?: number;
    /** Limit of one attempt to connect, ms; default 3000. */
    readonly connectTimeoutMs?: number;
    /** How often routes are asked for, ms; default 30000. */
    readonly pollNameServerIntervalMs?: number;
    /** How often brokers hear of this client, ms; default 30000. Brokers drop clients that are silent for 120 s. */
    readonly heartbeatBrokerIntervalMs?: number;
    /**
     * What every request is signed with, or a function that gives it: asked at the first request, before keys end and when
     * a server refuses them. Default: the environment's ROCKETWIRE_ACCESS_KEY and ROCKETWIRE_SECRET_KEY, else no signing.
     */
    readonly credentials?: Credentials | CredentialsProvider;
    /**
     * TLS to name servers and brokers: true, or options of Node's `tls.connect`, such as `ca`, `cert`, `key`, `passphrase`,
     * `servername`, `minVersion`. Certificates and host names are checked unless `rejectUnauthorized` is false. Default false.
     */
    readonly tls?: boolean | ConnectionOptions;
    /** Sends and administration go to the second port of brokers, which is two below the first (Java's name); default false. */
    readonly vipChannelEnabled?: boolean;
    /** Where log lines go; default is the `debug` package under `rocketwire:*`, silent unless DEBUG names it. */
    readonly logger?: Logger;
    /** Takes counts, durations and gauges, such as one of `rocketwire/otel` or `rocketwire/prometheus`; default: none are taken. */
    readonly metrics?: MetricsRecorder;
    /** Run around every request to a name server or broker, the first one outermost (Java `RPCHook`). None means no step at all. */
    readonly rpcInterceptors?: readonly RpcInterceptor[];
    /** What most programs leave as it is. */
    readonly advanced?: AdvancedOptions;
}

/**
 * The only source of time. Durations and deadlines are taken from `monotonic`, wall time only for stamps,
 * so that a step of the system clock never expires anything.
 */
export declare interface Clock {
    /** Wall time, milliseconds since 1970 UTC. */
    now(): number;
    /** Milliseconds since an arbitrary start; never goes back. */
    monotonic(): number;
    /** Runs `callback` once, `ms` milliseconds from now. A pending timer keeps the process alive unless `background` is set. */
    after(ms: number, callback: () => void, options?: {
        background?: boolean;
    }): Timer;
    /** Resolves after `ms`; rejects with ABORTED when aborted before. */
    sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Whatever drains and closes: producers, consumers, admin clients, and parts of the program that do it the same way. */
export declare interface Closable {
    /** Ends it within `timeoutMs`; rejects where something did not finish. */
    shutdown(options?: {
        timeoutMs?: number;
    }): Promise<void>;
}

/** All brokers by name, and the names by cluster. */
export declare interface ClusterInfo {
    /** Brokers by name. */
    readonly brokerAddrTable: ReadonlyMap<string, BrokerData>;
    /** Names of brokers by cluster. */
    readonly clusterAddrTable: ReadonlyMap<string, readonly string[]>;
}

/** Java `CMResult`; listeners of this library give all but CR_RETURN_NULL. */
export declare type CMResult = 'CR_SUCCESS' | 'CR_LATER' | 'CR_ROLLBACK' | 'CR_COMMIT' | 'CR_THROW_EXCEPTION' | 'CR_RETURN_NULL';

/** Limits of `commit`, and when it counts. */
export declare interface CommitOptions extends CallOptions {
    /** False: offsets are noted, and written down within `persistConsumerOffsetIntervalMs`; default true, now. */
    readonly persist?: boolean;
}

/** Codec of a compressed body. */
export declare type CompressionType = 'ZLIB' | 'LZ4' | 'ZSTD';

/** Why the number of calls at a time was moved. */
export declare type ConcurrencyMove = 'BACKLOG' | 'IDLE' | 'LATENCY' | 'EVENT_LOOP';

/** Between what the number of listener calls at a time may move. */
export declare interface ConcurrencyRange {
    /** Calls at a time at least, 1 to `max`. */
    readonly min: number;
    /** Calls at a time at most, 1 to 1000. */
    readonly max: number;
}

/** How many listener calls may run at a time, and what that is found by. */
export declare interface ConcurrencyStats {
    /** Calls that may run at a time at present; it moves between `min` and `max`. */
    readonly limit: number;
    /** Lower bound of `limit`, calls. */
    readonly min: number;
    /** Upper bound of `limit`, calls. */
    readonly max: number;
    /** Why it was moved last; undefined where it was not, or does not move. */
    readonly lastMove: ConcurrencyMove | undefined;
    /** Mean duration of the calls that ended of late, ms; 0 where none did, or it does not move. */
    readonly callMs: number;
    /** How late the event loop was of late with what was due, ms; 0 where it does not move. */
    readonly loopLagMs: number;
}

/** One client of a group as its broker lists it. */
export declare interface Connection {
    /** Id of the client: `ip@instance`, the same for all its members. */
    readonly clientId: string;
    /** `ip:port` as the broker sees it. */
    readonly clientAddr: string;
    /** Missing where the broker does not know the language. */
    readonly language?: string | undefined;
    /** MQVersion ordinal. */
    readonly version: number;
}

/** What a concurrent listener is told, and what it may set; one object for each call. */
export declare interface ConsumeConcurrentlyContext extends ConsumeContext {
    /**
     * Index of the last message that was handled: those after it come again although the listener returns success. -1: none was.
     * Undefined, as it begins: all were.
     */
    ackIndex: number | undefined;
    /**
     * Delay level of the next delivery of what comes again, where the result names none, also after an error. 0, as it begins:
     * the broker decides; negative: to the dead letters at once.
     */
    delayLevelWhenNextConsume: number;
}

/**
 * Outcome of a concurrent listener. To return nothing is success. RECONSUME_LATER, like an error, has the broker deliver the
 * messages again later: all of them, or those from index `firstFailed` on, after `delayLevel` (0: the broker decides by the
 * number of tries; negative: to the dead letters at once).
 */
export declare type ConsumeConcurrentlyResult = void | 'CONSUME_SUCCESS' | 'RECONSUME_LATER' | {
    readonly status: 'RECONSUME_LATER';
    readonly delayLevel?: number;
    readonly firstFailed?: number;
};

/** What every listener is told besides its messages. */
export declare interface ConsumeContext {
    /** Name of the consumer group, without its namespace. */
    readonly consumerGroup: string;
    /** The queue that the messages came from; for retried ones a queue of the group's retry topic. */
    readonly messageQueue: MessageQueue;
    /** Aborted when the queue is given away or the consumer's shutdown runs out of time: what is unfinished comes again elsewhere. */
    readonly signal: AbortSignal;
}

/** Where a group starts on a queue that has no committed offset. */
export declare type ConsumeFromWhere = 'CONSUME_FROM_LAST_OFFSET' | 'CONSUME_FROM_FIRST_OFFSET' | 'CONSUME_FROM_TIMESTAMP';

/**
 * Runs around a call of the listener: `next` goes on, resolves with the listener's result and rejects with its error. What
 * the interceptor returns counts in place of that; one that throws or rejects fails the messages, as the listener would.
 */
export declare type ConsumeInterceptor = (context: ConsumeInterceptorContext, next: () => Promise<ConsumeResult>) => Promise<ConsumeResult>;

/** What an interceptor sees of a call of the listener. */
export declare interface ConsumeInterceptorContext {
    /** Tells these contexts from those of other operations. */
    readonly operation: 'consume';
    /** How the consumer keeps order, as `consume` was told. */
    readonly ordered: 'none' | 'queue' | 'key';
    /** Name of the consumer group, without its namespace. */
    readonly consumerGroup: string;
    /** The messages of the call: one, unless `batchSize` is larger. */
    readonly messages: readonly MessageExt[];
    /** The queue that they came from; for retried ones a queue of the group's retry topic. */
    readonly messageQueue: MessageQueue;
    /** As the listener's. */
    readonly signal: AbortSignal;
}

/** What a listener made of a message that it was given on demand (Java `ConsumeMessageDirectlyResult`). */
export declare interface ConsumeMessageDirectlyResult {
    /** Whether the listener works in order. */
    readonly order: boolean;
    /** Whether a success of the listener would have been committed. */
    readonly autoCommit: boolean;
    /** How the listener ended. */
    readonly consumeResult: CMResult;
    /** The error that the listener threw. */
    readonly remark?: string | undefined;
    /** How long the listener took, ms. */
    readonly spentTimeMills: number;
}

/** How listeners are called. */
export declare interface ConsumeOptions {
    /**
     * `'none'`: any order, several at a time. `'queue'`: the messages of each queue strictly in order, several queues at a time.
     * `'key'`: those with the same sharding key in order, different keys side by side. Default `'none'`.
     */
    readonly ordered?: 'none' | 'queue' | 'key';
    /** Most messages of one call, with `'key'` all of one sharding key, 1 to 1024; default 1 (Java `consumeMessageBatchMaxSize`). */
    readonly batchSize?: number;
    /**
     * Calls at a time, 1 to 1000; default 20 (Java `consumeThreadMax`). With `{ min, max }` it moves between these: up while
     * messages wait and more calls get more done, down where calls become slow, the event loop lags, or places are not used.
     */
    readonly concurrency?: number | ConcurrencyRange;
    /** Messages that the listener is given in a second; default: no limit. */
    readonly rateLimit?: RateLimit;
}

/** What a listener in order is told, and what it may set; one object for each call. */
export declare interface ConsumeOrderlyContext extends ConsumeContext {
    /** How long the queue or key stands still after a failure, ms, where the result does not tell; as it begins, the option. */
    suspendCurrentQueueTimeMs: number | undefined;
    /**
     * With `ordered: 'queue'`: false has the messages of a success kept uncommitted, until a call returns COMMIT, or success
     * without this; ROLLBACK has them all handed out again. They count as messages in hand. True, as it begins.
     */
    autoCommit: boolean;
}

/**
 * Outcome of a listener in order. To return nothing is success. SUSPEND_CURRENT_QUEUE_A_MOMENT, like an error, has the same
 * messages handed out again after `suspendMs` (10 to 30000), and nothing else of the queue before them; with
 * `ordered: 'key'` nothing else of their sharding key, while others go on. COMMIT and ROLLBACK are for calls that have set
 * `context.autoCommit` to false: all that is kept counts as handled, or is handed out again.
 */
export declare type ConsumeOrderlyResult = void | 'SUCCESS' | 'SUSPEND_CURRENT_QUEUE_A_MOMENT' | 'COMMIT' | 'ROLLBACK' | {
    readonly status: 'SUSPEND_CURRENT_QUEUE_A_MOMENT';
    readonly suspendMs?: number;
};

/** How far a group is on one queue. */
export declare interface ConsumeQueueStats {
    /** The queue. */
    readonly queue: MessageQueue;
    /** The offset that the next message of the queue will get. */
    readonly brokerOffset: number;
    /** The offset that the group will read next, as it has committed; 0 where it never did. */
    readonly consumerOffset: number;
    /** Messages from `consumerOffset` to `brokerOffset`. */
    readonly lag: number;
    /** Messages handed to consumers and not committed; undefined for brokers before 5.0, which do not tell. */
    readonly inFlight: number | undefined;
    /** Store time of the last message that was consumed, ms since 1970; 0 where there is none. */
    readonly lastTimestamp: number;
}

/** The clients of a consumer group and what they subscribe to (Java `ConsumerConnection`). */
export declare interface ConsumerConnection {
    /** The members that are online. */
    readonly connectionSet: readonly Connection[];
    /** What is subscribed to, by topic. */
    readonly subscriptionTable: ReadonlyMap<string, SubscriptionData>;
    /** Whether members pull or are pushed to. */
    readonly consumeType: ConsumeType;
    /** Whether the group shares its messages or each member gets all. */
    readonly messageModel: MessageModel;
    /** Where the group begins that never committed. */
    readonly consumeFromWhere: ConsumeFromWhere;
}

/** Outcome of a listener as interceptors get it: one that returned nothing has returned `CONSUME_SUCCESS`, in order `SUCCESS`. */
export declare type ConsumeResult = Exclude<ConsumeConcurrentlyResult | ConsumeOrderlyResult, void>;

/** How far behind a consumer is, with the queues that are its own at present; queues that are popped are the whole group's. */
export declare interface ConsumerLag {
    /** Each queue by itself. */
    readonly queues: readonly QueueLag[];
    /** Sum over the queues. */
    readonly messages: number;
    /** The greatest age among the queues, ms. */
    readonly ageMs: number;
}

/** One member of a consumer group. */
export declare interface ConsumerMemberId {
    /** Name of the consumer group, without its namespace. */
    readonly consumerGroup: string;
    /** As `consumerConnections` tells it. */
    readonly clientId: string;
}

/** The next offset of a queue, as the member that has it tells. */
export declare interface ConsumerQueueOffset {
    /** Id of the member that has the queue. */
    readonly clientId: string;
    /** The queue. */
    readonly queue: MessageQueue;
    /** The offset that it commits next. */
    readonly offset: number;
}

/** What a consumer tells of itself (Java `ConsumerRunningInfo`). */
export declare interface ConsumerRunningInfo {
    /** Options and facts; those that RocketMQ's tools look at begin with `PROP_`. */
    readonly properties: ReadonlyMap<string, string>;
    /** What it subscribes to. */
    readonly subscriptionSet: readonly SubscriptionData[];
    /** What it has in hand, by the queues that it pulls. */
    readonly mqTable: readonly (readonly [MessageQueue, ProcessQueueInfo])[];
    /** What is popped, if anything. */
    readonly mqPopTable?: readonly (readonly [MessageQueue, PopProcessQueueInfo])[] | undefined;
    /** Speed of consumption, by topic. */
    readonly statusTable: ReadonlyMap<string, ConsumeStatus>;
    /** What the consumer is doing at the moment, where that was asked for: a Java client's threads, our loops and listeners. */
    readonly jstack?: string | undefined;
}

/** Speed of consumption of one topic (Java `ConsumeStatus`): the mean times in ms and the rates per second of the last minute. */
export declare interface ConsumeStatus {
    /** Mean time of a pull, ms. */
    readonly pullRT: number;
    /** Messages a second that were pulled. */
    readonly pullTPS: number;
    /** Mean time of a call of the listener, ms. */
    readonly consumeRT: number;
    /** Messages a second that were handled. */
    readonly consumeOKTPS: number;
    /** Messages a second that failed. */
    readonly consumeFailedTPS: number;
    /** Messages that failed in the last hour. */
    readonly consumeFailedMsgs: number;
}

/** How a consumer gets its messages, as brokers list it: passively is push, actively is pull. */
export declare type ConsumeType = 'CONSUME_PASSIVELY' | 'CONSUME_ACTIVELY';

/** What requests are signed with. */
export declare interface Credentials {
    /** Name of the account; brokers from 5.3 call it the user. */
    readonly accessKey: string;
    /** The secret that requests are signed with; it is never sent. */
    readonly secretKey: string;
    /** Of keys that are lent for a time (STS). */
    readonly securityToken?: string;
    /**
     * When the keys end, as a Date or ms since 1970: new ones are asked for before. Only keys of a provider can be renewed;
     * left out, they are asked for anew when a server refuses them.
     */
    readonly expiresAt?: Date | number;
}

/** Gives the keys of now. Asked at the first request, when keys are about to end, and when a server refuses them. */
export declare type CredentialsProvider = () => Promise<Credentials>;

/** A tracing channel without its `rocketwire:`. */
export declare type DiagnosticsChannel = keyof DiagnosticsEvents;

/** What every event of the tracing channels tells. One object goes through all channels of an operation. */
export declare interface DiagnosticsEvent {
    /** The producer or consumer group. */
    readonly group: string;
    /** Id of the client, as brokers know it. */
    readonly clientId: string;
    /** Version 1 or 2; empty where there is none. */
    readonly namespace: string;
    /** `host:port` of a broker's master, as routes tell it at the moment. */
    brokerAddress(brokerName: string): string | undefined;
    /** May be set by a subscriber of `start`: the operation is called within it, such as to have something active meanwhile. */
    within?: <T>(call: () => T) => T;
    /** Set when the operation has failed. */
    readonly error?: unknown;
}

/** Names of the tracing channels, without `rocketwire:`, and what they tell. */
export declare interface DiagnosticsEvents {
    /** Sends in any form. */
    send: SendEvent;
    /** Calls of the listeners of push consumers. */
    process: ProcessEvent;
    /** Calls that ask for messages. */
    receive: ReceiveEvent;
    /** Calls that tell what became of messages. */
    settle: SettleEvent;
    /** Requests of producers until their reply. */
    request: RequestEvent;
}

/** What may be heard of an operation, in this order but for `end`, which comes as soon as the call has returned its promise. */
export declare interface DiagnosticsListener<Event> {
    /** It is about to begin. */
    start?(event: Event): void;
    /** The call has returned its promise. */
    end?(event: Event): void;
    /** It failed; `event.error` tells why. */
    error?(event: Event): void;
    /** It has ended, either way; whoever awaits it runs after this and `asyncEnd`. */
    asyncStart?(event: Event): void;
    /** The last that is heard of it. */
    asyncEnd?(event: Event): void;
}

/**
 * Opens a connection; resolves when bytes can be written. It must give up, and leave no socket behind, when `signal`
 * is aborted. Names are resolved anew at every call.
 */
export declare type Dialer = (target: HostPort, signal: AbortSignal) => Promise<Duplex>;

/** Handles one message. */
export declare type EachMessage<Result, Context extends ConsumeContext = ConsumeConcurrentlyContext> = (message: MessageExt, context: Context) => void | Result | Promise<void | Result>;

/** What an interceptor sees of the end of a transaction. */
export declare interface EndTransactionContext {
    /** Tells these contexts from those of other operations. */
    readonly operation: 'endTransaction';
    /** Name of the producer group, without its namespace. */
    readonly producerGroup: string;
    /** What was sent; where a broker asked, the half message that it sent along: keep `copy()` of that. */
    readonly message: Message | MessageExt;
    /** The message's unique id. */
    readonly msgId: string;
    /** Id of the transaction, the same in every check. */
    readonly transactionId: string;
    /** Name of the broker that has the half message; undefined where that is not known. */
    readonly brokerName: string | undefined;
    /** Of the broker that is told, `host:port`. */
    readonly brokerAddress: string;
    /** How the local transaction ended. */
    readonly state: LocalTransactionState;
    /** Why the state is not known. */
    readonly error: Error | undefined;
    /** True where a broker asked. */
    readonly fromTransactionCheck: boolean;
}

/**
 * Runs around the telling of how a transaction ended, which `next` does. Where one throws, or does not call `next`, the
 * broker is not told, and asks.
 */
export declare type EndTransactionInterceptor = Interceptor<EndTransactionContext, void>;

/** A transaction was ended. */
export declare interface EndTransactionTrace extends TraceOfClient {
    /** Tells the kinds of trace apart, as RocketMQ names them. */
    readonly type: 'EndTransaction';
    /** Topic of the message. */
    readonly topic: string;
    /** Its tag; undefined without one. */
    readonly tags: string | undefined;
    /** Broker that has the half message, `host:port`. */
    readonly storeHost: string;
    /** What kind of message it is. */
    readonly msgType: TraceMessageType;
    /** Id of the transaction; undefined where the trace has none. */
    readonly transactionId: string | undefined;
    /** How it ended, by Java's name: `COMMIT_MESSAGE`, `ROLLBACK_MESSAGE` or `UNKNOW`. */
    readonly transactionState: string;
    /** True where a broker had asked for the outcome. */
    readonly fromTransactionCheck: boolean;
}

/**
 * Every error of the library is a `RocketMQError`; match on its `code`, never on the message.
 * `docs/errors.md` is checked against this table.
 */
export declare const ERROR_CODES: {
    readonly ABORTED: {
        readonly retriable: false;
        readonly says: "the caller aborted the call";
    };
    readonly INVALID_ARGUMENT: {
        readonly retriable: false;
        readonly says: "an argument or option is wrong; nothing was sent";
    };
    readonly INVALID_TOPIC: {
        readonly retriable: false;
        readonly says: "the topic name is not allowed";
    };
    readonly INVALID_GROUP: {
        readonly retriable: false;
        readonly says: "the group name is not allowed";
    };
    readonly INVALID_MESSAGE: {
        readonly retriable: false;
        readonly says: "the message cannot be sent as it is";
    };
    readonly INVALID_EXPRESSION: {
        readonly retriable: false;
        readonly says: "the subscription expression is wrong";
    };
    readonly INVALID_STATE: {
        readonly retriable: false;
        readonly says: "the call does not fit the state, such as sending before start()";
    };
    readonly UNSUPPORTED_BY_BROKER: {
        readonly retriable: false;
        readonly says: "the broker is too old for what was asked, or has it switched off";
    };
    readonly UNSUPPORTED_BY_RUNTIME: {
        readonly retriable: false;
        readonly says: "this Node.js lacks a codec that is needed";
    };
    readonly UNSAFE_INTEGER: {
        readonly retriable: false;
        readonly says: "a 64-bit value does not fit a JavaScript number";
    };
    readonly NO_NAME_SERVER: {
        readonly retriable: true;
        readonly says: "no name server is configured or none can be reached";
    };
    readonly TOPIC_NOT_FOUND: {
        readonly retriable: true;
        readonly says: "no name server has a route of the topic";
    };
    readonly NO_WRITABLE_QUEUE: {
        readonly retriable: true;
        readonly says: "the topic has no queue that may be written on a broker with a master";
    };
    readonly BROKER_NOT_FOUND: {
        readonly retriable: true;
        readonly says: "the route names no address of the broker";
    };
    readonly CONNECT_FAILED: {
        readonly retriable: true;
        readonly says: "no connection could be made";
    };
    readonly CHANNEL_CLOSED: {
        readonly retriable: true;
        readonly says: "the connection closed before the reply came";
    };
    readonly INTERCEPTOR_FAILED: {
        readonly retriable: false;
        readonly says: "an interceptor threw, or did not pass a request on";
    };
    readonly SELECTOR_FAILED: {
        readonly retriable: false;
        readonly says: "a selector of queues threw";
    };
    readonly PROTOCOL_ERROR: {
        readonly retriable: true;
        readonly says: "the peer sent bytes that are not this protocol";
    };
    readonly REQUEST_TIMEOUT: {
        readonly retriable: true;
        readonly says: "no reply came in time";
    };
    readonly SEND_TIMEOUT: {
        readonly retriable: true;
        readonly says: "the send and its retries used up their time";
    };
    readonly TOO_MANY_REQUESTS: {
        readonly retriable: true;
        readonly says: "the limit of what may be in flight is reached";
    };
    readonly SEND_FORBIDDEN: {
        readonly retriable: false;
        readonly says: "a check of the application did not let the message pass";
    };
    readonly BATCH_PARTLY_SENT: {
        readonly retriable: false;
        readonly says: "a split batch failed after some of its parts were sent";
    };
    readonly BROKER_ERROR: {
        readonly retriable: false;
        readonly says: "the broker answered with an error; see responseCode";
    };
    readonly AUTHENTICATION_FAILED: {
        readonly retriable: false;
        readonly says: "a server does not accept the credentials, or wants some";
    };
    readonly PERMISSION_DENIED: {
        readonly retriable: false;
        readonly says: "a server does not let these credentials use a topic, group or command";
    };
    readonly CREDENTIALS_FAILED: {
        readonly retriable: true;
        readonly says: "the credentials provider gave no usable credentials";
    };
    readonly MESSAGE_UNREADABLE: {
        readonly retriable: false;
        readonly says: "a stored message could not be decoded";
    };
    readonly INVALID_RECEIPT: {
        readonly retriable: false;
        readonly says: "a popped message has no receipt, or one that is not good any more";
    };
    readonly ACK_INCOMPLETE: {
        readonly retriable: false;
        readonly says: "some of several messages could not be acknowledged; see failures";
    };
    readonly MESSAGE_NOT_FOUND: {
        readonly retriable: false;
        readonly says: "no broker holds such a message";
    };
    readonly GROUP_CONFLICT: {
        readonly retriable: false;
        readonly says: "members of a group have one id, or do not want the same";
    };
    readonly OFFSET_STORE_FAILED: {
        readonly retriable: true;
        readonly says: "offsets could not be read or written";
    };
    readonly IDEMPOTENCY_STORE_FAILED: {
        readonly retriable: true;
        readonly says: "the store of handled messages could not be asked or told";
    };
    readonly IDEMPOTENCY_LEASE_LOST: {
        readonly retriable: false;
        readonly says: "the claim of a message ran out while its listener worked";
    };
    readonly OUTBOX_FULL: {
        readonly retriable: true;
        readonly says: "no broker takes the message, and the outbox has no room";
    };
    readonly OUTBOX_FAILED: {
        readonly retriable: true;
        readonly says: "the outbox could not be read or written";
    };
    readonly OUTBOX_LOCKED: {
        readonly retriable: true;
        readonly says: "another producer uses the folder of the outbox";
    };
    readonly OUTBOX_DAMAGED: {
        readonly retriable: false;
        readonly says: "a part of the outbox cannot be read";
    };
    readonly OUTBOX_REJECTED: {
        readonly retriable: false;
        readonly says: "a message of the outbox was refused too often, or had no route for long, and was put aside";
    };
    readonly START_TIMEOUT: {
        readonly retriable: true;
        readonly says: "start() did not finish in time";
    };
    readonly SHUTDOWN_INCOMPLETE: {
        readonly retriable: false;
        readonly says: "shutdown() ended by its timeout with work left";
    };
    readonly LOOP_STALLED: {
        readonly retriable: true;
        readonly says: "something in the background made no progress for longer than it may";
    };
    readonly TRANSACTION_CHECK_FAILED: {
        readonly retriable: true;
        readonly says: "a transaction listener threw in a check; the broker asks again";
    };
    readonly LISTENER_TIMEOUT: {
        readonly retriable: false;
        readonly says: "a listener did not finish in its consume timeout";
    };
};

/** Stable name of what went wrong. */
export declare type ErrorCode = keyof typeof ERROR_CODES;

/** Where and about what an error happened. */
export declare interface ErrorDetails {
    /** `host:port` that it happened with. */
    readonly address?: string;
    /** RocketMQ's name of the request. */
    readonly command?: string;
    /** Topic that it is about. */
    readonly topic?: string;
    /** Producer or consumer group that it is about. */
    readonly group?: string;
    /** Name of the broker that it is about. */
    readonly brokerName?: string;
    /** For a failed send: whether the broker may have stored the message. */
    readonly sent?: 'NO' | 'UNKNOWN';
    /** For a failed send: how often it was tried, and on which brokers. */
    readonly attempts?: number;
    /** For a failed send: the brokers that it was tried on, in order. */
    readonly brokersTried?: readonly string[];
}

/** `ErrorDetails` together with the cause and, where it differs from the table, the verdict on a retry. */
declare interface ErrorOptions_2 extends ErrorDetails {
    /** What led to it. */
    readonly cause?: unknown;
    /** Whether the same call may succeed later; default as the table of codes tells. */
    readonly retriable?: boolean;
}
export { ErrorOptions_2 as ErrorOptions }

/** Names of events and the arguments of their listeners. */
declare type EventMap<Events> = {
    [Name in keyof Events]: unknown[];
};

/** How an expression says which messages are wanted: by tags, or by a condition over properties that brokers evaluate. */
export declare type ExpressionType = 'TAG' | 'SQL92';

/** Runs before every try of a send (Java `CheckForbiddenHook`): one that throws, or does not call `next`, forbids it. */
export declare type ForbiddenCheck = Interceptor<ForbiddenCheckContext, void>;

/** What a check sees of a message that is about to go to a broker. */
export declare interface ForbiddenCheckContext {
    /** Tells these contexts from those of other operations. */
    readonly operation: 'checkForbidden';
    /** Name of the producer group, without its namespace. */
    readonly producerGroup: string;
    /** Of a batch the first one; see `messages`. */
    readonly message: Message;
    /** All messages of a batch. */
    readonly messages: readonly Message[] | undefined;
    /** The queue that it would go to. */
    readonly messageQueue: MessageQueue;
    /** Of the broker, `host:port`. */
    readonly brokerAddress: string;
    /** Java's `unitMode` of the producer. */
    readonly unitMode: boolean;
}

/** How far a group is. */
export declare interface GroupConsumeStats {
    /** Name of the consumer group, without its namespace. */
    readonly consumerGroup: string;
    /** Messages a second that the brokers have handed to the group lately. */
    readonly consumeTps: number;
    /** Queues of the topics that the group has committed offsets of, its retry topics apart; none for a group that has none. */
    readonly queues: readonly ConsumeQueueStats[];
    /** Queues of its `%RETRY%` topics, where messages wait that failed before. */
    readonly retryQueues: readonly ConsumeQueueStats[];
    /** Sum over `queues`. */
    readonly lag: number;
    /** Sum over `retryQueues`. */
    readonly retryLag: number;
    /** Sum over all queues of brokers that tell it; undefined where none does. */
    readonly inFlight: number | undefined;
}

/** A consumer group as it shall be; defaults are Java's. A group that exists is changed to it. */
export declare interface GroupSettings extends BrokerScope, CallOptions {
    /** Name of the group. */
    readonly consumerGroup: string;
    /** False stops the group from consuming; default true. */
    readonly consumeEnable?: boolean;
    /** Whether new queues may be read from their beginning; default true. */
    readonly consumeFromMinEnable?: boolean;
    /** False forbids the broadcasting model; default true. */
    readonly consumeBroadcastEnable?: boolean;
    /** True keeps messages that POP consumers failed on in order; default false. */
    readonly consumeMessageOrderly?: boolean;
    /** Queues of the retry topic; default 1. */
    readonly retryQueueNums?: number;
    /** How often a message is tried again before it becomes a dead letter, at most; default 16. */
    readonly retryMaxTimes?: number;
    /** Id of the broker that consumers read from by preference; default 0, the master. */
    readonly brokerId?: number;
    /** Id of the broker that slow consumers are sent to; default 1, the first slave. */
    readonly whichBrokerWhenConsumeSlowly?: number;
    /** Whether members are told at once when another comes or goes; default true. */
    readonly notifyConsumerIdsChangedEnable?: boolean;
}

/** How a producer, a consumer or an admin client is. */
export declare interface Health {
    /**
     * `UP`: all is well. `DEGRADED`: it works, and something is missing: a broker, or all name servers. `DOWN`: it does not
     * run, or reaches no server that it needs.
     */
    readonly status: 'UP' | 'DEGRADED' | 'DOWN';
    /** Where in its life it is, from `created` to `stopped` or `failed`. */
    readonly state: LifecycleState;
    /** What is not well, in words; empty where the status is `UP`. */
    readonly reasons: readonly string[];
    /** All that are configured. */
    readonly nameServers: readonly NameServerHealth[];
    /** In the order of their names; masters before slaves. */
    readonly brokers: readonly BrokerHealth[];
}

/** An address in its parts; IPv6 hosts have no brackets here. */
export declare interface HostPort {
    /** Name or address; IPv6 without brackets. */
    readonly host: string;
    /** 0 to 65535. */
    readonly port: number;
}

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

/**
 * A listener that handles each message once, as far as `store` remembers: what was handled is skipped and counts as success;
 * what another consumer has in hand comes again later; what the listener fails at is free again, and so is what a consumer has
 * claimed and then died over, once the lease has run out. Where the store cannot be asked or told, the call fails with
 * IDEMPOTENCY_STORE_FAILED and its messages come again: nothing is skipped on suspicion. For listeners of `consumeEach` and of
 * `consume`; not for broadcasting, where each member is to handle every message.
 *
 * @example
 * const store = new MemoryIdempotencyStore()
 * consumer.consumeEach(idempotent(async message => ship(message.json()), { store, keyOf: message => message.keys[0] }))
 * @throws RocketMQError INVALID_ARGUMENT
 */
export declare function idempotent<T extends MessageExt | readonly MessageExt[] = MessageExt, Order extends ListenerOrder = 'none', const R extends ListenerResult<Order> = ListenerResult<Order>>(listener: (handed: T, context: ListenerContext<Order>) => void | R | Promise<void | R>, options: IdempotentOptions<Order>): (handed: T, context: ListenerContext<Order>) => Promise<ListenerResult<Order>>;

/** Options of `idempotent`. */
export declare interface IdempotentOptions<Order extends ListenerOrder = ListenerOrder> {
    /** Where handled messages are remembered; shared by all members of the group. */
    readonly store: IdempotencyStore;
    /** The same as in the options of `consume`; default `'none'`. */
    readonly ordered?: Order;
    /**
     * What makes two messages the same, 1 to 255 characters; unique within a topic and a consumer group. Default, also where it
     * returns undefined: the id that the producer gave the message, which all its retries share.
     */
    readonly keyOf?: (message: MessageExt) => string | undefined;
    /** How long a handled message is remembered, ms, 1 to 315360000000; default 86400000 (a day). */
    readonly ttlMs?: number;
    /** How long a message stays claimed by a consumer that has died, ms, 10 to 86400000; default 30000. */
    readonly leaseMs?: number;
    /** How long a claim is prolonged while its listener works, ms, `leaseMs` and up; default 900000, at least `leaseMs`. */
    readonly maxLeaseMs?: number;
    /** Limit of one call of the store, ms, 1 to half of `leaseMs`; default 5000, at most a third of `leaseMs`. */
    readonly storeTimeoutMs?: number;
    /** Told of each message that is skipped, as it was handled before. */
    readonly onDuplicate?: (message: MessageExt) => void;
    /** Told of failures that change no message's outcome: a claim that was not prolonged, lost, or not given back. */
    readonly onBackgroundError?: (error: RocketMQError) => void;
    /** Source of time; default the system's. For tests. */
    readonly clock?: Clock;
}

declare type InAnyOrder = ConsumeOptions & {
    ordered?: 'none';
};

declare type InOrder = ConsumeOptions & {
    ordered: 'queue' | 'key';
};

/** A 64-bit integer as a user may give it: as text it is decimal. */
export declare type Int64Input = number | bigint | string | Long_2;

/**
 * Runs around a step: `next` goes on with those after it and the step itself, and resolves with the outcome. It may be called
 * once: a second call rejects with INVALID_STATE.
 */
export declare type Interceptor<Context, Result> = (context: Context, next: () => Promise<Result>) => Promise<Result>;

/** Bounds of a query by key. */
export declare interface KeyQuery extends CallOptions {
    /** Most messages that are found; default 64, which is also the most that brokers look for unless configured otherwise. */
    readonly maxNum?: number;
    /** Messages stored from here on, ms since 1970 or a Date; default no bound. */
    readonly begin?: number | Date;
    /** Messages stored up to here; default no bound. */
    readonly end?: number | Date;
}

/** What the event `lag` tells: a threshold was passed, or is kept again. */
export declare interface LagAlarm {
    /** RECOVERED: what was EXCEEDED has fallen to four fifths of its threshold, or less. */
    readonly status: 'EXCEEDED' | 'RECOVERED';
    /** What has passed its threshold: the number of messages, or the age of the oldest, ms. */
    readonly measure: 'messages' | 'ageMs';
    /** Undefined for all queues of the consumer together. */
    readonly queue: MessageQueue | undefined;
    /** In messages, or ms. */
    readonly value: number;
    /** In messages, or ms. */
    readonly threshold: number;
    /** All that was measured. */
    readonly lag: ConsumerLag;
}

/** Beyond which lag a consumer is to tell. */
export declare interface LagLimits {
    /** Messages, 1 to 9007199254740991; default: no such limit. */
    readonly messages?: number;
    /** Age of the oldest message that is not done with, ms, 1 to 2147483647; default: no such limit. */
    readonly ageMs?: number;
}

/** What the event `lag` is to tell of. */
export declare interface LagThresholds {
    /** Of all queues of the consumer together. */
    readonly total?: LagLimits;
    /** Of each queue. */
    readonly perQueue?: LagLimits;
    /** How often brokers are asked, ms, 1 to 2147483647; default 30000. */
    readonly checkIntervalMs?: number;
}

/** Life of everything that is started and shut down. */
export declare type LifecycleState = 'created' | 'starting' | 'running' | 'stopping' | 'stopped' | 'failed';

/** What a listener of an order is told. */
export declare type ListenerContext<Order extends ListenerOrder> = Order extends 'none' ? ConsumeConcurrentlyContext : ConsumeOrderlyContext;

/** How the listener's messages are ordered, as in the options of `consume`. */
export declare type ListenerOrder = 'none' | 'queue' | 'key';

/** What a listener of an order may return. */
export declare type ListenerResult<Order extends ListenerOrder> = Order extends 'none' ? ConsumeConcurrentlyResult : ConsumeOrderlyResult;

/**
 * Receives messages when it is asked to: batch by batch with `poll` or `for await`, of queues that its group shares
 * (`subscribe`) or of those that you choose (`assign`). Messages are pulled in the background, a bounded number of them.
 *
 * With `autoCommit` a batch counts as consumed when the next one is asked for. Every message comes at least once.
 *
 * Calls that wait take `timeoutMs` (default 10000) and `signal`, and reject with REQUEST_TIMEOUT, ABORTED, CONNECT_FAILED,
 * CHANNEL_CLOSED, a `BrokerError`, INVALID_ARGUMENT for wrong input, and INVALID_STATE unless the consumer runs.
 *
 * @example
 * const consumer = new LitePullConsumer({ namesrvAddr: '127.0.0.1:9876', consumerGroup: 'billing' })
 * consumer.subscribe('Orders', 'paid || refunded')
 * await consumer.start()
 * for await (const messages of consumer) for (const message of messages) console.log(message.text())
 */
export declare class LitePullConsumer extends ReplyingConsumer<LitePullConsumerEvents> {
    #private;
    /** Name of the consumer group, without its namespace. */
    readonly consumerGroup: string;
    /** @throws RocketMQError INVALID_GROUP, INVALID_ARGUMENT, NO_NAME_SERVER */
    constructor(options: LitePullConsumerOptions);
    /**
     * Shares the messages of a topic with the other members of the group, those of some tags where an expression is given:
     * `tagA || tagB`, or `*` for all; or those that a SQL92 condition is true of, such as `{ sql92: 'amount > 10' }`. May be
     * called while running, and again for a topic to change its expression. All members of a group must subscribe to the
     * same. Brokers are asked about a condition before it is used: by `start`, or, while running, at once; where they refuse
     * it the event `backgroundError` says so and all stays as it was. Excludes `assign`.
     * @throws RocketMQError INVALID_TOPIC, INVALID_EXPRESSION, INVALID_STATE after `assign`
     */
    subscribe(topic: string, expression?: SubscriptionExpression): this;
    /** Wants the messages of a topic no more; may be called while running. */
    unsubscribe(topic: string): this;
    /**
     * Takes these queues, and gives all others back: the group shares nothing then, each member chooses. May be called
     * before `start`, which then takes them, and again. Excludes `subscribe`.
     * @throws RocketMQError INVALID_STATE after `subscribe`; INVALID_TOPIC, INVALID_EXPRESSION, BROKER_NOT_FOUND,
     * OFFSET_STORE_FAILED: nothing is changed then
     */
    assign(queues: readonly MessageQueue[], options?: AssignOptions): Promise<void>;
    /** The queues that are its own at present. */
    assignment(): MessageQueue[];
    /**
     * Tells the brokers, and takes its queues: a message sent after it has resolved is received.
     * @throws RocketMQError NO_NAME_SERVER, START_TIMEOUT, INVALID_STATE, OFFSET_STORE_FAILED, ABORTED
     */
    start(options?: StartOptions): Promise<void>;
    /**
     * The next batch, of one queue, in the order of its offsets; an empty list where none came in time or the consumer was
     * shut down. With `autoCommit` all that was returned before counts as consumed now, so ask when you are done with it.
     */
    poll(options?: PollOptions): Promise<MessageExt[]>;
    /** Batches, one after the other, as `poll` returns them; ends when the consumer is shut down. */
    [Symbol.asyncIterator](): AsyncGenerator<MessageExt[], void, undefined>;
    /**
     * Commits what `poll` has returned: of all queues, or of some; or offsets of your own, by queue: those of the next
     * message to handle. Resolves when brokers have it, unless `persist` is false.
     * @throws RocketMQError OFFSET_STORE_FAILED; INVALID_ARGUMENT for queues that are not assigned (any more): the others are
     * committed then
     */
    commit(what?: readonly MessageQueue[] | ReadonlyMap<MessageQueue, Int64Input>, options?: CommitOptions): Promise<void>;
    /** What the group has committed for a queue, here or on its broker; undefined where it never did. */
    committed(queue: MessageQueue, options?: CallOptions): Promise<number | undefined>;
    /**
     * Goes on with a queue at another offset; what is in hand of it is dropped. The next commit commits from there.
     * @throws RocketMQError INVALID_ARGUMENT where the queue is not assigned, or does not reach to the offset
     */
    seek(queue: MessageQueue, offset: Int64Input, options?: CallOptions): Promise<void>;
    /** Goes on with a queue at its oldest message. */
    seekToBegin(queue: MessageQueue, options?: CallOptions): Promise<void>;
    /** Goes on with a queue at its end: with messages stored from now on. */
    seekToEnd(queue: MessageQueue, options?: CallOptions): Promise<void>;
    /** Goes on with a queue at the offset that `offsetForTimestamp` tells. */
    seekToTimestamp(queue: MessageQueue, timestamp: number | Date, options?: CallOptions): Promise<void>;
    /**
     * The offset of the first message of a queue stored at a time, ms since 1970 or a Date, or later; where there is none, its
     * end. Brokers before 5.0 tell the message that was stored nearest to that time.
     */
    offsetForTimestamp(queue: MessageQueue, timestamp: number | Date, options?: CallOptions): Promise<number>;
    /**
     * Stops pulling some queues, and returning what is in hand of them, until `resume` or until they are given away.
     * @throws RocketMQError INVALID_ARGUMENT for a queue that is not assigned
     */
    pause(queues: readonly MessageQueue[]): void;
    /**
     * Goes on after `pause`.
     * @throws RocketMQError INVALID_ARGUMENT for a queue that is not assigned
     */
    resume(queues: readonly MessageQueue[]): void;
    /**
     * All queues of a topic that can be read, as name servers tell them now.
     * @throws RocketMQError TOPIC_NOT_FOUND, INVALID_TOPIC
     */
    fetchMessageQueues(topic: string, options?: CallOptions): Promise<readonly MessageQueue[]>;
    /**
     * As `fetchMessageQueues`, and from now on `messageQueuesChanged` tells when these are others: for those who `assign`.
     * @throws RocketMQError TOPIC_NOT_FOUND, INVALID_TOPIC
     */
    watchMessageQueues(topic: string, options?: CallOptions): Promise<readonly MessageQueue[]>;
    /** Watches the queues of a topic no more. */
    unwatchMessageQueues(topic: string): void;
    /**
     * How far behind it is with its queues, in messages and in time: brokers are asked where each queue ends, and for the first
     * message that `poll` has not returned where that is not in hand. `stats().lag` is what the last pulls told, at no cost.
     */
    lag(options?: CallOptions): Promise<ConsumerLag>;
    /** What it is doing at the moment. */
    stats(): LitePullConsumerStats;
    /**
     * Ends polls and pulls, commits what counts as consumed where `autoCommit` says so, tells the brokers and closes
     * connections that nobody else uses. The batch that was returned last comes again, unless you `commit()` before.
     * @param options `timeoutMs`: limit of the wait for offsets to be written down, default 30000; to close what is left
     * takes 3 s more at the most, where brokers do not answer
     * @throws RocketMQError SHUTDOWN_INCOMPLETE where they were not at the end of it; all is closed then, too
     * @throws RocketMQError INVALID_ARGUMENT for a wrong `timeoutMs`; nothing is shut down then
     */
    shutdown(options?: {
        timeoutMs?: number;
    }): Promise<void>;
}

/** Events of a lite pull consumer. */
export declare interface LitePullConsumerEvents {
    /** Queues were taken, where the group shares them. */
    assigned: [queues: readonly MessageQueue[]];
    /** Queues were given back; what was in hand of them is dropped. */
    revoked: [queues: readonly MessageQueue[]];
    /** A topic that is watched has other queues than before. */
    messageQueuesChanged: [topic: string, queues: readonly MessageQueue[]];
    /** A threshold of `lagThresholds` was passed, or is kept again. */
    lag: [alarm: LagAlarm];
    /** Something failed that no call waits for: a pull, a heartbeat, an offset that could not be written down. */
    backgroundError: [error: RocketMQError];
}

/** Options of a lite pull consumer; names and defaults are Java's unless told otherwise. */
export declare interface LitePullConsumerOptions extends ClientOptions {
    /** Name of the group; with `subscribe` its members share the messages and must subscribe to the same. */
    readonly consumerGroup: string;
    /** CLUSTERING shares queues among the members, BROADCASTING gives each member all; default CLUSTERING. */
    readonly messageModel?: MessageModel;
    /** Where a group begins that never committed; default CONSUME_FROM_LAST_OFFSET. */
    readonly consumeFromWhere?: ConsumeFromWhere;
    /** For CONSUME_FROM_TIMESTAMP: a Date, milliseconds since 1970, or Java's `yyyyMMddHHmmss` in local time; default 30 minutes ago. */
    readonly consumeTimestamp?: Date | number | string;
    /** Shares queues among members; all members need the same. Default AVG. */
    readonly allocateStrategy?: AllocateMessageQueueStrategy;
    /** Where progress is kept; default on the brokers, for broadcasting in a local file. */
    readonly offsetStore?: OffsetStore;
    /** Folder of the offset files of broadcasting; default `.rocketmq_offsets` in the home folder. */
    readonly localOffsetStoreDir?: string;
    /**
     * Broadcasting: has brokers keep the offsets of this member, under the group `consumerGroup|key`, rather than a file of this
     * host. The key must be the same at each start of this member, and another one for each member. Letters, digits, `_` and `-`.
     */
    readonly broadcastOffsetKey?: string;
    /** Most messages of one pull, and so of one `poll`, 1 to 1024; default 10. Brokers have a limit of their own. */
    readonly pullBatchSize?: number;
    /** Messages in hand of all queues together beyond which pulling waits, 1 to 6553500; default 10000. */
    readonly pullThresholdForAll?: number;
    /** Messages in hand per queue beyond which pulling waits, 1 to 65535; default 1000. */
    readonly pullThresholdForQueue?: number;
    /** MiB in hand per queue beyond which pulling waits, 1 to 1024; default 100. */
    readonly pullThresholdSizeForQueue?: number;
    /** Distance from the first to the last message in hand of a queue beyond which pulling waits, 1 to 65535; default 2000. */
    readonly consumeMaxSpan?: number;
    /** What `poll` has returned counts as consumed at the next `poll`, and is committed by itself; default true. */
    readonly autoCommit?: boolean;
    /** How often what is consumed is committed, ms, 1000 to 2147483647; default 5000. */
    readonly autoCommitIntervalMs?: number;
    /** How long `poll` waits where it is not told, ms, 0 to 2147483647; default 5000. */
    readonly pollTimeoutMs?: number;
    /** How often watched topics are looked at for queues that are new or gone, ms; default 30000. */
    readonly topicMetadataCheckIntervalMs?: number;
    /** How long a broker may hold a pull while there is nothing new, ms; default 20000. */
    readonly brokerSuspendMaxTimeMs?: number;
    /** Limit of the wait for the answer to such a pull, ms, at least `brokerSuspendMaxTimeMs`; default 30000, or 10000 more than that. */
    readonly consumerTimeoutWhenSuspendMs?: number;
    /** How often commits that were not written down at once are, ms; default 5000. */
    readonly persistConsumerOffsetIntervalMs?: number;
    /** Tells brokers of every message that `poll` returns, in a topic for traces; default false (Java `enableMsgTrace`). */
    readonly trace?: boolean | TraceOptions;
    /** Lag beyond which the event `lag` tells of it, in messages and age, in all and per queue; default: none, brokers are not asked. */
    readonly lagThresholds?: LagThresholds;
    /** Drop messages after they were pulled, before anybody sees them; each must return true for a message that is wanted. */
    readonly messageFilters?: readonly MessageFilter[];
}

/** A snapshot of what a lite pull consumer is doing. */
export declare interface LitePullConsumerStats {
    /** Where in its life it is, from `created` to `stopped` or `failed`. */
    readonly state: LifecycleState;
    /** The queues that are its own at present. */
    readonly queues: readonly LitePullQueueStats[];
    /** Sums over the queues. */
    readonly cached: number;
    /** As of the last pulls: `lag()` asks the brokers. */
    readonly lag: number;
    /** Undefined where nothing is traced, and before `start`. */
    readonly trace: TraceStats | undefined;
}

/** Progress of one queue. */
export declare interface LitePullQueueStats {
    /** The queue. */
    readonly queue: MessageQueue;
    /** Whether `pause` holds it back. */
    readonly paused: boolean;
    /** Messages in hand that `poll` has not returned yet, and the bytes of their bodies. */
    readonly cached: number;
    /** Bytes of their bodies. */
    readonly cachedBytes: number;
    /** Offset after the last message that `poll` has returned. */
    readonly polledOffset: number;
    /** Offset after the last message that counts as consumed. */
    readonly consumedOffset: number;
    /** The queue's end as the last pull told it. */
    readonly maxOffset: number;
    /** Messages from `polledOffset` to `maxOffset`. */
    readonly lag: number;
}

/** What `receive` of a lite consumer is asked for. */
export declare interface LiteReceiveOptions extends Pick<CallOptions, 'signal'> {
    /** Most messages, 1 to 32; default 32. */
    readonly maxMessages?: number;
    /** Default is that of the consumer. */
    readonly invisibleDurationMs?: number;
    /** Default is that of the consumer. With 0 `receive` looks once and does not wait. */
    readonly awaitDurationMs?: number;
}

/**
 * Receives messages of lite topics: of any number of small queues below one topic of type LITE, which come with their
 * first message and go by themselves. Each lite topic is kept in order: its next messages come when those before are
 * acknowledged. A message that is not acknowledged in its invisible time is delivered again. Brokers from 5.5.
 *
 * Calls that wait take `signal`, all but `receive` also `timeoutMs` (default 10000), and reject with REQUEST_TIMEOUT,
 * ABORTED, CONNECT_FAILED, CHANNEL_CLOSED, BROKER_NOT_FOUND, a `BrokerError`, INVALID_ARGUMENT for wrong input, and
 * INVALID_STATE unless the consumer runs.
 *
 * @example
 * const consumer = new LiteSimpleConsumer({ namesrvAddr: '127.0.0.1:9876', consumerGroup: 'chat', topic: 'Chats' })
 * await consumer.start()
 * await consumer.subscribeLite(['room-1', 'room-2'])
 * for (const message of await consumer.receive()) {
 *   console.log(message.properties['__LITE_TOPIC'], message.text())
 *   await consumer.ack(message)
 * }
 */
export declare class LiteSimpleConsumer extends ClientMember<LiteSimpleConsumerEvents> {
    #private;
    /** Name of the consumer group, without its namespace. */
    readonly consumerGroup: string;
    /** @throws RocketMQError INVALID_GROUP, INVALID_TOPIC, INVALID_ARGUMENT, NO_NAME_SERVER */
    constructor(options: LiteSimpleConsumerOptions);
    /** The lite topics that are wanted at present. */
    get liteTopics(): string[];
    /**
     * Makes sure that the brokers know lite topics, and tells them of the group.
     * @throws RocketMQError UNSUPPORTED_BY_BROKER where one is older than 5.5; nothing is begun then
     * @throws RocketMQError TOPIC_NOT_FOUND, NO_NAME_SERVER, START_TIMEOUT, INVALID_STATE, ABORTED
     * @throws BrokerError where a broker does not have the group
     */
    start(options?: StartOptions): Promise<void>;
    /**
     * Wants the messages of lite topics; `from` tells where the group begins with them.
     * @throws RocketMQError INVALID_TOPIC
     * @throws BrokerError LITE_SUBSCRIPTION_QUOTA_EXCEEDED where a broker has too many subscriptions
     */
    subscribeLite(liteTopics: readonly string[], options?: CallOptions & {
        readonly from?: LiteStart;
    }): Promise<void>;
    /**
     * Wants the messages of lite topics no more. What a broker had ready may still come, once.
     * @throws RocketMQError INVALID_TOPIC
     */
    unsubscribeLite(liteTopics: readonly string[], options?: CallOptions): Promise<void>;
    /**
     * Messages of one broker, as soon as there are any; empty where none came within `awaitDurationMs`. A call that is aborted
     * may have taken messages all the same, which come again when their invisible time is over.
     * @throws RocketMQError what kept all brokers from answering
     */
    receive(options?: LiteReceiveOptions): Promise<readonly MessageExt[]>;
    /**
     * Tells the broker that a message is done.
     * @throws RocketMQError INVALID_RECEIPT for a message that was not received, or whose invisible time is over
     */
    ack(message: MessageExt, options?: CallOptions): Promise<void>;
    /**
     * Hides a received message, and so its lite topic, for another `invisibleDurationMs` from now, 1000 to 43200000.
     * @returns the new receipt handle
     * @throws RocketMQError INVALID_RECEIPT as `ack`
     */
    changeInvisibleDuration(message: MessageExt, invisibleDurationMs: number, options?: CallOptions): Promise<string>;
    /** Ends calls of `receive`, tells the brokers and closes connections that nobody else uses. */
    shutdown(): Promise<void>;
}

/** Events of a lite consumer. */
export declare interface LiteSimpleConsumerEvents {
    /** A broker has ended the subscription of a lite topic: it has expired, or another member of the group has it now. */
    unsubscribed: [liteTopic: string];
    /** Something failed that no call waits for. */
    backgroundError: [error: RocketMQError];
}

/** Options of a lite consumer. */
export declare interface LiteSimpleConsumerOptions extends ClientOptions {
    /** Name of the group, which an administrator has bound to the topic (`lite.bind.topic`). */
    readonly consumerGroup: string;
    /** The parent of the lite topics: a topic of type LITE. */
    readonly topic: string;
    /** For how long nobody else sees a received message, ms, 1000 to 43200000; default 15000. */
    readonly invisibleDurationMs?: number;
    /** How long `receive` waits for a message, ms, 0 to 2147483647; default 30000. */
    readonly awaitDurationMs?: number;
}

/** Where the group begins with a lite topic; Java's `OffsetOption`. */
export declare type LiteStart = 
/** Where it was; a new one at the end. The default. */
'CONTINUE' | 'FIRST_OFFSET' | 'LAST_OFFSET'
/** At an offset. */
| {
    readonly offset: number;
}
/** So many messages before where it was. */
| {
    readonly back: number;
};

/**
 * Offsets in a file of this host: broadcasting. Java's place and form, `<directory>/<clientId>/<group>/offsets.json`; a new
 * file replaces the old one at once, which stays as `.bak`. The client id is in the path, so it must be the same at every start.
 */
export declare class LocalFileOffsetStore implements OffsetStore {
    #private;
    /** The file. */
    readonly path: string;
    constructor({ clientId, consumerGroup, directory }: LocalFileOffsetStoreOptions);
    /** Reads the file, or, as in Java, the one before it where there is none, or none that can be read. */
    load(): Promise<void>;
    /** As the file had it at `load`, or newer. */
    read(queue: MessageQueue): Promise<number | undefined>;
    /** The newest offset in memory. */
    current(queue: MessageQueue): number | undefined;
    /** Notes an offset in memory; with `increaseOnly` a lower one is ignored. */
    update(queue: MessageQueue, offset: number, options: {
        increaseOnly: boolean;
    }): void;
    /** Sets an offset that later updates do not undo, until the queue is removed. */
    freeze(queue: MessageQueue, offset: number): void;
    /** Writes the file anew where something has changed. @throws RocketMQError OFFSET_STORE_FAILED */
    persist(queues: readonly MessageQueue[]): Promise<void>;
    /** The file keeps the offsets of queues that are not consumed at present: broadcasting has no other owner of them. */
    remove(queue: MessageQueue): void;
}

/** Where the file lies: its path is made of these. */
export declare interface LocalFileOffsetStoreOptions {
    /** Id of the client, part of the path: the same at every start. */
    readonly clientId: string;
    /** Name of the group, part of the path. */
    readonly consumerGroup: string;
    /** Folder of all clients' offsets; default `.rocketmq_offsets` in the home folder, as in Java. */
    readonly directory?: string | undefined;
}

/** What became of a local transaction; the third one is spelled as in Java. `UNKNOW` has the broker ask later. */
export declare type LocalTransactionState = 'COMMIT_MESSAGE' | 'ROLLBACK_MESSAGE' | 'UNKNOW';

/** Where log lines go. `console` and pino fit. */
export declare interface Logger {
    /** For those who look for a defect. */
    debug(line: string): void;
    /** Something that happens now and then, as a connection. */
    info(line: string): void;
    /** Something is wrong, and it goes on. */
    warn(line: string): void;
    /** Something failed. */
    error(line: string): void;
}

/** The queues of a static topic by the name of the broker that stands for all its hosts, then by id: the host of each. */
export declare type LogicalQueues = ReadonlyMap<string, ReadonlyMap<number, string>>;

/** Tells where brokers and clients stand; neither answer may be empty. */
export declare interface MachineRoomResolver {
    /** Name of the room that the broker of a queue stands in. */
    brokerDeployIn(queue: MessageQueue): string;
    /** Name of the room that a member stands in, by its client id. */
    consumerDeployIn(clientId: string): string;
}

/**
 * Remembers handled messages in this process: for one consumer, or several of one process. It holds at most `maxEntries`
 * keys; the oldest handled ones are forgotten first, those in hand never.
 */
export declare class MemoryIdempotencyStore implements IdempotencyStore {
    #private;
    /** @throws RocketMQError INVALID_ARGUMENT */
    constructor(options?: MemoryIdempotencyStoreOptions);
    /** As `IdempotencyStore.claim`; rejects with TOO_MANY_REQUESTS where `maxEntries` keys are in hand. */
    claim(key: string, token: string, leaseMs: number): Promise<ClaimOutcome>;
    /** As `IdempotencyStore.done`; rejects with TOO_MANY_REQUESTS where the claim has run out and `maxEntries` others are in hand. */
    done(key: string, token: string, ttlMs: number): Promise<boolean>;
    /** As `IdempotencyStore.release`. */
    release(key: string, token: string): Promise<void>;
    /** What it is doing at the moment. */
    stats(): MemoryIdempotencyStoreStats;
}

/** Options of a store in memory. */
export declare interface MemoryIdempotencyStoreOptions {
    /** Most keys that are remembered, 1 to 10000000; default 100000. */
    readonly maxEntries?: number;
    /** Source of time; default the system's. For tests. */
    readonly clock?: Clock;
}

/** What a store in memory holds. */
export declare interface MemoryIdempotencyStoreStats {
    /** Keys that are in hand, those whose lease has run out included until somebody meets them. */
    readonly claimed: number;
    /** Keys that were handled. */
    readonly done: number;
    /** Handled keys that were forgotten before their time, for want of room. Where it grows, raise `maxEntries`. */
    readonly evicted: number;
}

/** A message to send. The object is never changed by the library. */
export declare interface Message {
    /** Topic that it is sent to. */
    readonly topic: string;
    /** Never empty; at most `maxMessageSize` bytes. Text is encoded as `encoding` says. */
    readonly body: Buffer | Uint8Array | string;
    /** Encoding of a text body, any name iconv-lite knows, such as `gbk`; default `utf8`. */
    readonly encoding?: string;
    /** The one tag that consumers filter by. */
    readonly tags?: string;
    /** Index keys for later queries, joined by a space on the wire. */
    readonly keys?: string | readonly string[];
    /** Properties of the application's own. */
    readonly properties?: MessageProperties;
    /** A 32-bit integer of the application's own, carried as it is; default 0. */
    readonly flag?: number;
    /** Delay level 1 to 18 (1 s to 2 h) of the broker's `messageDelayLevel`; needs no particular version. */
    readonly delayTimeLevel?: number;
    /** Deliver this many milliseconds from now (timer message); brokers from 5.0. */
    readonly delayMs?: number;
    /** Deliver at this time, milliseconds since 1970 UTC or a Date (timer message); brokers from 5.0. */
    readonly deliverAt?: number | Date;
    /** Messages with the same sharding key go to the same queue (RocketMQ `__SHARDINGKEY`). */
    readonly shardingKey?: string;
    /** Priority, 0 and up, for topics of type PRIORITY; brokers from 5.5. */
    readonly priority?: number;
    /** Name of the lite topic below `topic`, a topic of type LITE; brokers from 5.5 (RocketMQ `__LITE_TOPIC`). */
    readonly liteTopic?: string;
    /** RocketMQ `BUYER_ID`, for unitised deployments. */
    readonly buyerId?: string;
    /** False: the broker need not wait for its flush and replication; default true (RocketMQ `WAIT`). */
    readonly waitStoreMsgOK?: boolean;
}

/** A received message: a readonly view over the frame it came in. Keep `copy()`, not the message itself. */
export declare interface MessageExt {
    /** Topic that it was sent to. */
    readonly topic: string;
    /** Decompressed. A view over the received frame; `copy()` detaches it. */
    readonly body: Buffer;
    /** Its tag; undefined without one. */
    readonly tags: string | undefined;
    /** Its index keys; empty without any. */
    readonly keys: readonly string[];
    /** All properties, system ones included. */
    readonly properties: MessageProperties;
    /** The sender's unique id (`UNIQ_KEY`), equal for all retries of the message; `offsetMsgId` where there is none. */
    readonly msgId: string;
    /** The broker's id of this copy: store host and commit-log offset. */
    readonly offsetMsgId: string;
    /** Name of the broker that stores it. */
    readonly brokerName: string;
    /** Number of its queue on that broker. */
    readonly queueId: number;
    /** Offset in its queue. */
    readonly queueOffset: number;
    /** Offset in the broker's commit log, bytes. */
    readonly commitLogOffset: number;
    /** Milliseconds since 1970 UTC. */
    readonly bornTimestamp: number;
    /** `host:port` of the sender as the broker saw it. */
    readonly bornHost: string;
    /** Milliseconds since 1970 UTC. */
    readonly storeTimestamp: number;
    /** Broker that stored it, `host:port`. */
    readonly storeHost: string;
    /** How often it was handed out before and sent back. */
    readonly reconsumeTimes: number;
    /** The 32-bit integer that it was sent with. */
    readonly flag: number;
    /** RocketMQ's bits: compression, kind of transaction, IPv6 hosts. */
    readonly sysFlag: number;
    /** CRC-32 of the body as it was stored. */
    readonly bodyCRC: number;
    /** Of a committed transaction: commit-log offset of its half message; else 0. */
    readonly preparedTransactionOffset: number;
    /** Id of its transaction; undefined where it is of none. */
    readonly transactionId: string | undefined;
    /** Delay level that it was sent with; 0 without. */
    readonly delayTimeLevel: number;
    /** Its sharding key; undefined without one. */
    readonly shardingKey: string | undefined;
    /** Size of the stored record, bytes. */
    readonly storeSize: number;
    /** The body as text; default UTF-8, else any encoding iconv-lite knows. */
    text(encoding?: string): string;
    /** The body parsed as JSON. The type is the caller's claim; nothing checks it. */
    json<T = unknown>(): T;
    /** A message of its own memory, to be kept as long as one likes. */
    copy(): MessageExt;
    /** Plain data with the body as base64 text. */
    toJSON(): Record<string, unknown>;
}

/**
 * False drops a message that was pulled or popped before it counts as in hand: nobody gets to see it, and its offset is passed,
 * or it is acknowledged. Called once for each message after tags and conditions, in the order of offsets. It must not wait: a promise is no answer.
 */
export declare type MessageFilter = (message: MessageExt, context: MessageFilterContext) => boolean;

/** Where a message that is to be filtered came from. */
export declare interface MessageFilterContext {
    /** Name of the consumer group, without its namespace. */
    readonly consumerGroup: string;
    /**
     * The queue that it was pulled from; for retried ones a queue of the group's retry topic. Where it was popped the id is -1,
     * and the message tells its queue.
     */
    readonly messageQueue: MessageQueue;
}

/**
 * Handles messages in any order, several calls at a time. `void` stands beside `R` so that TypeScript finds the outcome of
 * `async () => 'CONSUME_SUCCESS'`, and of a `new Promise` that is resolved with nothing.
 */
export declare type MessageListenerConcurrently<R extends ConsumeConcurrentlyResult = ConsumeConcurrentlyResult> = (messages: readonly MessageExt[], context: ConsumeConcurrentlyContext) => void | R | Promise<void | R>;

/** Handles the messages of each queue, or of each sharding key, in order: one call at a time for each. */
export declare type MessageListenerOrderly<R extends ConsumeOrderlyResult = ConsumeOrderlyResult> = (messages: readonly MessageExt[], context: ConsumeOrderlyContext) => void | R | Promise<void | R>;

/** Clustering shares the queues of a topic among a group's members; broadcasting gives every member all of them. */
export declare type MessageModel = 'CLUSTERING' | 'BROADCASTING';

/** User properties of a message. Names and values are non-empty text without \u0001 and \u0002. */
export declare type MessageProperties = Readonly<Record<string, string>>;

/** One queue of a topic on one broker. */
export declare interface MessageQueue {
    /** The topic that it is of. */
    readonly topic: string;
    /** Name of the broker that has it. */
    readonly brokerName: string;
    /** Its number on that broker, 0 and up. */
    readonly queueId: number;
}

/**
 * Chooses the queue of a message. `queues` is never empty and is sorted by broker name and queue id, so the same choice
 * means the same queue while the topic does not change; `arg` is what the caller of `send` gave.
 */
export declare type MessageQueueSelector = (queues: readonly MessageQueue[], message: Message, arg: unknown) => MessageQueue;

/** How members of a group get the messages of a topic; the broker knows it. Brokers from 5.0. */
export declare type MessageRequestMode = 'PULL' | 'POP';

/**
 * Which messages of a topic a consumer wants, as in Java.
 *
 * @example
 * consumer.subscribe('Orders', MessageSelector.bySql("amount > 10 AND region IN ('eu', 'us')"))
 */
export declare class MessageSelector {
    /** How it is read: by tags, or as a SQL92 condition. */
    readonly expressionType: ExpressionType;
    /** The expression, as brokers get it. */
    readonly expression: string;
    private constructor();
    /** Those of some tags: `tagA || tagB`, or `*` for all. */
    static byTag(expression?: string): MessageSelector;
    /** Those whose properties a SQL92 condition is true of; brokers evaluate it, where they have `enablePropertyFilter`. */
    static bySql(expression: string): MessageSelector;
}

/** What a number is of; few values each, so that series stay few. */
export declare type MetricAttributes = Readonly<Record<string, string>>;

/** A figure that is recorded: what it is called, and what its numbers are. */
export declare interface MetricInstrument {
    /** Its name, by OpenTelemetry's rules. */
    readonly name: string;
    /** `counter` only rises, `histogram` gathers values, `gauge` is read. */
    readonly kind: 'counter' | 'histogram' | 'gauge';
    /** As UCUM writes it: `s`, `By`, `{message}`. */
    readonly unit: string;
    /** What it counts, for people to read. */
    readonly description: string;
    /** Of a histogram: upper bounds of its buckets. */
    readonly buckets?: readonly number[];
}

/** A number of a gauge as it is now. */
export declare interface MetricReading {
    /** What is read. */
    readonly instrument: MetricInstrument;
    /** In the instrument's unit. */
    readonly value: number;
    /** What the number is of. */
    readonly attributes: MetricAttributes;
}

/**
 * Takes figures of clients (option `metrics`). `rocketwire/otel` and `rocketwire/prometheus` have one each; for other
 * systems write these two methods. What they throw is logged and harms nothing.
 */
export declare interface MetricsRecorder {
    /** Adds to a counter, or takes a value into a histogram. Called for every operation: be quick. */
    record(instrument: MetricInstrument, value: number, attributes: MetricAttributes): void;
    /** Has gauges read whenever the recorder collects; the returned function ends that. */
    observe(read: () => Iterable<MetricReading>): () => void;
}

/** A name server, as a client sees it. */
export declare interface NameServerHealth {
    /** `host:port`. */
    readonly address: string;
    /** Only one is asked as long as it answers: the others need no connection. */
    readonly connected: boolean;
}

/**
 * Where a group's progress is kept. Updates go to memory; `persist` writes them down. Java's `OffsetStore`; users may give
 * one of their own.
 */
export declare interface OffsetStore {
    /** Called once, before anything is read. */
    load(): Promise<void>;
    /**
     * What the group has written down for a queue; undefined where it never did. A store that tells anything but a whole
     * number from 0 up has failed: the event `backgroundError` names it, and the queue is not begun.
     * @throws RocketMQError where that cannot be told; the queue is then left alone until a later round
     */
    read(queue: MessageQueue): Promise<number | undefined>;
    /** The newest offset in memory, if there is one. */
    current(queue: MessageQueue): number | undefined;
    /** Notes the offset of the next message to handle. With `increaseOnly` a lower one is ignored. */
    update(queue: MessageQueue, offset: number, options: {
        increaseOnly: boolean;
    }): void;
    /** Sets an offset that later updates must not undo, until the queue is removed: the group's offset was reset. */
    freeze(queue: MessageQueue, offset: number): void;
    /**
     * Writes the offsets of queues down. `confirmed`: wait for the answer, as on giving a queue back and at shutdown.
     * @throws RocketMQError OFFSET_STORE_FAILED or what the store failed with
     */
    persist(queues: readonly MessageQueue[], options: {
        confirmed: boolean;
    }): Promise<void>;
    /** Forgets a queue that was given away. */
    remove(queue: MessageQueue): void;
}

/**
 * Hears of every operation of a kind in this process, of all clients, until the returned function is called. The same as
 * subscribing to Node's `tracingChannel('rocketwire:<channel>')`, with types. A listener must not throw: Node ends the
 * process for that.
 *
 * @example
 * const stop = onDiagnostics('send', { asyncEnd: ({ message, error }) => console.log(message, error ?? 'sent') })
 */
export declare function onDiagnostics<C extends DiagnosticsChannel>(channel: C, listener: DiagnosticsListener<DiagnosticsEvents[C]>): () => void;

/**
 * The client options that the environment gives: NAMESRV_ADDR, as for Java, and ROCKETWIRE_* for others. Omitted
 * options are filled from it.
 * @throws RocketMQError INVALID_ARGUMENT where a variable does not hold what it must, or only one of two keys is there
 */
export declare function optionsFromEnv(env?: Readonly<Record<string, string | undefined>>): ClientOptions;

/**
 * When spooled messages are forced to the disk. `always`: before a send resolves, many sends by one call. `interval`: every
 * `fsyncIntervalMs`. `never`: when the operating system likes. With the last two a process that is killed loses nothing, a
 * machine that loses power may.
 */
export declare type OutboxFsync = 'always' | 'interval' | 'never';

/** Where messages wait while no broker takes them. */
export declare interface OutboxOptions {
    /** Folder of this producer alone; made where it does not exist. */
    readonly directory: string;
    /** A send that fails is repeated until so long after its beginning, ms, and then goes into the spool; default 1000. */
    readonly afterMs?: number;
    /** Bytes of all files, rejected messages included; sends fail with OUTBOX_FULL beyond it. Default 268435456. */
    readonly maxBytes?: number;
    /** Messages that may wait; their places in the files are kept in memory. Default 1000000. */
    readonly maxMessages?: number;
    /** A new file begins at this size, bytes; default 16777216. */
    readonly segmentBytes?: number;
    /** Default `always`. */
    readonly fsync?: OutboxFsync;
    /** With `fsync: 'interval'`, ms; default 1000. */
    readonly fsyncIntervalMs?: number;
    /** Spooled messages that are sent a second when brokers are back; default 1000. */
    readonly replayPerSecond?: number;
    /** A spooled message that brokers refuse so often is rejected; default 10. */
    readonly maxRefusals?: number;
    /**
     * Messages of a topic that name servers have not known for so long, ms, while they knew brokers, are rejected: the topic was
     * deleted, or all its brokers are gone. Default 3600000.
     */
    readonly noRouteMs?: number;
}

/** What an outbox holds, and what became of what it held. */
export declare interface OutboxStats {
    /** Messages that wait on the disk for a broker. */
    readonly spooled: number;
    /** Bytes of its files, rejected messages included. */
    readonly bytes: number;
    /** Messages that waited and that a broker has acknowledged since `start`. */
    readonly replayed: number;
    /** Messages that were put aside since `start`, as brokers refused them. */
    readonly rejected: number;
    /** How long the oldest one waits, ms; undefined where none does. */
    readonly oldestAgeMs: number | undefined;
}

/** How long `poll` waits. */
export declare interface PollOptions {
    /** Limit of the wait, ms, 0 and up; default is the option `pollTimeoutMs`. */
    readonly timeoutMs?: number;
    /** Ends the call with ABORTED, whose `cause` is the reason of the signal. */
    readonly signal?: AbortSignal;
}

/** What a consumer has of one queue, or broker, that it pops (Java `PopProcessQueueInfo`). */
export declare interface PopProcessQueueInfo {
    /** Messages in hand. */
    readonly waitAckCount: number;
    /** Whether the queue is being given away; the name is RocketMQ's. */
    readonly droped: boolean;
    /** Wall time, ms. */
    readonly lastPopTimestamp: number;
}

/** What a push consumer has of one place that it pops. */
export declare interface PopQueueStats {
    /** Queue -1 stands for all that the broker has of the topic. */
    readonly queue: MessageQueue;
    /** Messages in hand. */
    readonly cached: number;
    /** Messages that a listener has, or that the broker is being told of. */
    readonly inFlight: number;
    /** Milliseconds since it was last gone to for messages; 0 while that is held up on purpose, as by a full queue or a pause. */
    readonly idleMs: number;
}

/** Property, `'true'`, of a message of the outbox that a broker may have stored before, with the same unique id. */
export declare const POSSIBLE_DUPLICATE = "ROCKETWIRE_POSSIBLE_DUPLICATE";

/** Of `rocketwire:process`: a call of a push consumer's listener, with its interceptors. */
export declare interface ProcessEvent extends DiagnosticsEvent {
    /** Tells these events from those of other channels. */
    readonly operation: 'process';
    /** How the consumer keeps order, as `consume` was told. */
    readonly ordered: 'none' | 'queue' | 'key';
    /** Whether the group shares its messages or each member gets all. */
    readonly messageModel: MessageModel;
    /** The messages of the call: one, unless `batchSize` is larger. */
    readonly messages: readonly MessageExt[];
    /** The queue that they came from; for retried ones a queue of the group's retry topic. */
    readonly messageQueue: MessageQueue;
    /** Set when the listener has ended: a status of the listener's kind, or an object with it. */
    readonly result?: string | {
        readonly status: string;
    };
}

/** How a push consumer works one queue off (Java `ProcessQueueInfo`). Times are ms since 1970, 0 where there was none. */
export declare interface ProcessQueueInfo {
    /** The lowest offset that is not handled. */
    readonly commitOffset: number;
    /** First and last offset, number and MiB of the messages in hand. */
    readonly cachedMsgMinOffset: number;
    /** Last offset of the messages in hand. */
    readonly cachedMsgMaxOffset: number;
    /** Messages in hand. */
    readonly cachedMsgCount: number;
    /** Their size, MiB. */
    readonly cachedMsgSizeInMiB: number;
    /** First and last offset and number of the messages that listeners have, where they run in order. */
    readonly transactionMsgMinOffset: number;
    /** Last offset of those. */
    readonly transactionMsgMaxOffset: number;
    /** Messages that listeners in order have. */
    readonly transactionMsgCount: number;
    /** Whether the broker keeps the queue for this member alone. */
    readonly locked: boolean;
    /** How often it was tried to give it back while a listener had it. */
    readonly tryUnlockTimes: number;
    /** When the broker locked it last, ms since 1970 UTC. */
    readonly lastLockTimestamp: number;
    /** Whether the queue is being given away; the name is RocketMQ's. */
    readonly droped: boolean;
    /** When it was pulled last, ms since 1970 UTC. */
    readonly lastPullTimestamp: number;
    /** When a listener had a message of it last, ms since 1970 UTC. */
    readonly lastConsumeTimestamp: number;
}

/**
 * Sends messages.
 *
 * @example
 * const producer = new Producer({ namesrvAddr: '127.0.0.1:9876', producerGroup: 'orders' })
 * await producer.start()
 * const result = await producer.send({ topic: 'Orders', tags: 'paid', body: 'hello' })
 * await producer.shutdown()
 */
export declare class Producer extends ClientMember<ProducerEvents> {
    #private;
    /** Name of the producer group, without its namespace. */
    readonly producerGroup: string;
    /** @throws RocketMQError INVALID_GROUP, INVALID_ARGUMENT, NO_NAME_SERVER, UNSUPPORTED_BY_RUNTIME */
    constructor(options: ProducerOptions);
    /**
     * Reaches a name server and tells the brokers of this producer.
     * @throws RocketMQError NO_NAME_SERVER, START_TIMEOUT, INVALID_STATE, ABORTED, OUTBOX_LOCKED, OUTBOX_FAILED
     */
    start(options?: StartOptions): Promise<void>;
    /**
     * Sends one message, or several of one topic as a batch, and resolves with the broker's answer. Failed tries are
     * repeated on other brokers within the time, as Java does. A batch above `maxMessageSize` is split into several, sent one
     * after another; the result then has `results`.
     * @throws RocketMQError INVALID_MESSAGE, INVALID_TOPIC, TOPIC_NOT_FOUND, NO_WRITABLE_QUEUE, SEND_TIMEOUT, CONNECT_FAILED,
     * CHANNEL_CLOSED, ABORTED, UNSUPPORTED_BY_BROKER, and with an `outbox` OUTBOX_FULL, OUTBOX_FAILED; its `sent` tells
     * whether the broker may have the message
     * @throws BrokerError where the broker refused the message
     * @throws BatchError where a split batch failed after some of its parts were sent
     */
    send(message: Message | readonly Message[], options?: SendOptions): Promise<SendResult>;
    /**
     * Java's callback form of `send`. Broker errors are not retried, and where too much is in flight it fails at once
     * with TOO_MANY_REQUESTS. Every failure, wrong messages included, goes to the callback, which is never called before
     * this has returned.
     * @throws RocketMQError INVALID_ARGUMENT where there is no callback
     */
    sendAsync(message: Message, options: SendOptions, callback: SendAsyncCallback): void;
    /** The same with the producer's own limits, and a queue of its choice. */
    sendAsync(message: Message, callback: SendAsyncCallback): void;
    /**
     * Sends messages, or batches, of an iterable or a stream, as they come, and tells what became of each as soon as that is
     * known. At most `concurrency` are under way; the next is taken when the outcome of one was read, and the limits of the
     * producer slow it down instead of failing sends. Nothing is sent before the outcomes are asked for; who stops asking
     * stops the sending, once what is under way has ended. Sends side by side may overtake each other where one is retried: in
     * order is `concurrency: 1`. What the source throws is thrown after the last outcome.
     * @example
     * for await (const { message, error } of producer.sendAll(messages)) if (error) console.error(message.keys, error)
     * @throws RocketMQError INVALID_ARGUMENT, INVALID_STATE; while outcomes are read ABORTED, and INVALID_STATE after a shutdown
     */
    sendAll<M extends Message | readonly Message[]>(messages: Iterable<M> | AsyncIterable<M>, options?: SendAllOptions): AsyncIterableIterator<SendOutcome<M>>;
    /**
     * Sends without an answer: resolves when the operating system has taken the bytes. Nothing tells whether the broker stored it.
     * @throws RocketMQError as `send`, where the message cannot leave
     */
    sendOneway(message: Message, options?: SendOptions): Promise<void>;
    /**
     * Sends a message and resolves with the reply to it, which a consumer of the topic sends with `reply`. A send that fails
     * is repeated as by `send`, so that a request may be handled twice; of several replies the first counts.
     * @param options as of `send`; `timeoutMs` limits the whole, the reply included, and is told to those who reply
     * @throws RocketMQError REQUEST_TIMEOUT where no reply came in time, INVALID_STATE where the producer is shut down
     * meanwhile, UNSUPPORTED_BY_BROKER behind a 5.x proxy; and as `send`
     */
    request(message: Message, options?: SendOptions): Promise<MessageExt>;
    /**
     * Replies to a message that was received, whose sender waits in `request`; any started producer can. Resolves when the
     * sender's client has the reply.
     * @param reply the body, or a message without a topic
     * @throws RocketMQError INVALID_MESSAGE where the message asks for no reply; and as `send`
     * @throws BrokerError SYSTEM_ERROR where no broker knows the client that asked any more
     */
    reply(request: MessageExt, reply: ReplyMessage | ReplyMessage['body'], options?: ReplyOptions): Promise<SendResult>;
    /**
     * Calls a timer message back that is not delivered yet; resolves with its `msgId`. Whether the broker still has it is not
     * told: it may be delivered already. Brokers from 5.3.2 with `recallMessageEnable=true`.
     * @param recallHandle of the result of its send
     * @throws RocketMQError INVALID_TOPIC, INVALID_ARGUMENT for what is no handle, UNSUPPORTED_BY_BROKER, BROKER_NOT_FOUND
     * @throws BrokerError ILLEGAL_OPERATION where the time of the message is over, or the handle is of another topic
     */
    recall(topic: string, recallHandle: string, options?: CallOptions): Promise<string>;
    /**
     * The queues that a topic can be written to, as selectors get them.
     * @throws RocketMQError TOPIC_NOT_FOUND, NO_WRITABLE_QUEUE, NO_NAME_SERVER
     */
    publishMessageQueues(topic: string, options?: CallOptions): Promise<MessageQueue[]>;
    /** What it is doing at the moment. */
    stats(): ProducerStats;
    /**
     * Takes no more messages, waits for the answers of those in flight, tells the brokers and closes connections that
     * nobody else uses. Further calls get the same promise.
     * @param options `timeoutMs`: limit of the wait for answers, default 10000; to close what is left
     * takes 3 s more at the most, where brokers do not answer
     * @throws RocketMQError SHUTDOWN_INCOMPLETE where answers were missing at the end of it: these sends fail, and all is closed
     * then, too
     * @throws RocketMQError INVALID_ARGUMENT for a wrong `timeoutMs`; nothing is shut down then
     */
    shutdown(options?: {
        timeoutMs?: number;
    }): Promise<void>;
}

/** Events of a producer. */
export declare interface ProducerEvents {
    /** Something failed that no call waits for: a heartbeat, a route, a callback of the user's that threw. */
    backgroundError: [error: RocketMQError];
}

/** Options of a producer; names and defaults are Java's unless told otherwise. */
export declare interface ProducerOptions extends ClientOptions, RoutingSafetyOptions {
    /** Name of the group; producers of one application share it. */
    readonly producerGroup: string;
    /** Limit of a send with all its retries, ms; default 3000 (Java `sendMsgTimeout`). */
    readonly sendTimeoutMs?: number;
    /** Tries beyond the first of `send`; default 2. */
    readonly retryTimesWhenSendFailed?: number;
    /** Tries beyond the first of `sendAsync`; default 2. */
    readonly retryTimesWhenSendAsyncFailed?: number;
    /** Send to another broker too where the first stored the message with a status other than SEND_OK; default false. */
    readonly retryAnotherBrokerWhenNotStoreOK?: boolean;
    /** Bodies of at least this many bytes are compressed; default 4096. Batches never are. */
    readonly compressMsgBodyOverHowmuch?: number;
    /**
     * How bodies are compressed; default ZLIB. Consumers before 4.9.4 inflate nothing else. ZSTD needs Node.js 22.15 or later
     * here, not where messages are read.
     */
    readonly compressType?: CompressionType;
    /** Level, 0 to 9 of ZLIB, 1 to 22 of ZSTD; LZ4 has none. Default 5 (Java `rocketmq.message.compressLevel`). */
    readonly compressLevel?: number;
    /**
     * Gather messages of single sends into batches, each with its own result; default false. Those with a delay, a priority,
     * a time limit or a signal of their own, of transactions, requests and retry topics, and those that are compressed go alone.
     */
    readonly autoBatch?: boolean;
    /** With `autoBatch`: longest time that a message waits for others, ms; default 10. */
    readonly batchMaxDelayMs?: number;
    /** With `autoBatch`: a batch of more bytes of bodies is sent at once; default 32768. */
    readonly batchMaxBytes?: number;
    /** With `autoBatch`: with so many bytes of bodies gathered or not answered, messages go alone; default 33554432. */
    readonly totalBatchMaxBytes?: number;
    /**
     * Largest body before compression, and largest part of a batch, bytes; default 4194304, at most 16515072, which with its
     * properties fits into a frame. Brokers have a limit of their own.
     */
    readonly maxMessageSize?: number;
    /** Queues per broker of a topic that brokers create at its first message; default 4. */
    readonly defaultTopicQueueNums?: number;
    /** The topic that new topics are created by; default TBW102. */
    readonly createTopicKey?: string;
    /** Topics whose brokers hear of the producer from its start on, before it has sent anything; default none. */
    readonly topics?: readonly string[];
    /** Messages that may wait for their answer; `send` waits its turn beyond it, `sendAsync` fails. Default 10000. */
    readonly maxInFlight?: number;
    /** The same in bytes of bodies; default 134217728. */
    readonly maxInFlightBytes?: number;
    /**
     * Messages a second: `send` waits its turn beyond it, `sendAsync` fails. Retries do not count. Default: no limit. Ours.
     */
    readonly rateLimit?: RateLimit;
    /** Requests that may wait for their reply; `request` waits its turn beyond it. Default 10000. */
    readonly maxRequests?: number;
    /** What to do with timer messages for brokers before 5.0, which deliver them at once; default is to reject them. */
    readonly timerOnOldBrokers?: 'reject' | 'warn';
    /** Tells brokers of every send, end of a transaction and recall in a topic for traces; default false (Java `enableMsgTrace`). */
    readonly trace?: boolean | TraceOptions;
    /** Messages that no broker takes wait on the local disk: `sendStatus` is `SPOOLED` then. Default: no outbox. Ours. */
    readonly outbox?: OutboxOptions;
    /** Run around every send, the first one outermost. None means no step at all. */
    readonly interceptors?: readonly SendInterceptor[];
    /** Run before every try of a send, when its queue and broker are known: one that throws forbids it (Java `CheckForbiddenHook`). */
    readonly forbiddenChecks?: readonly ForbiddenCheck[];
    /** Run around every recall, the first one outermost. */
    readonly recallInterceptors?: readonly RecallInterceptor[];
}

/** A snapshot of what a producer is doing. */
export declare interface ProducerStats {
    /** Where in its life it is, from `created` to `stopped` or `failed`. */
    readonly state: LifecycleState;
    /** Messages sent and not yet answered, and the bytes of their bodies. */
    readonly inFlight: number;
    /** Bytes of their bodies. */
    readonly inFlightBytes: number;
    /** Messages and batches that wait their turn, for `maxInFlight`, `maxInFlightBytes` or `rateLimit`. */
    readonly waiting: number;
    /** Requests that wait for their reply. */
    readonly requests: number;
    /** Replies that came too late, twice or for nobody, to any producer that shares the connections of this one. */
    readonly lateReplies: number;
    /** Answers of servers that nobody waited for any more, to any client that shares the connections of this one: they came too late. */
    readonly strayReplies: number;
    /** With `sendLatencyFaultEnable`: brokers that were slow or failed lately, and are avoided where others will do. */
    readonly avoidedBrokers: readonly AvoidedBroker[];
    /** Undefined where nothing is traced, and before `start`. */
    readonly trace: TraceStats | undefined;
    /** Undefined where there is no outbox, and before `start`. */
    readonly outbox: OutboxStats | undefined;
}

/** A message was sent. */
export declare interface PubTrace extends TraceOfClient {
    /** Tells the kinds of trace apart, as RocketMQ names them. */
    readonly type: 'Pub';
    /** Topic of the message. */
    readonly topic: string;
    /** Its tag; undefined without one. */
    readonly tags: string | undefined;
    /** Broker that stored it, `host:port`. */
    readonly storeHost: string;
    /** Size of the body, bytes. */
    readonly bodyLength: number;
    /** How long the send took, ms. */
    readonly costMs: number;
    /** What kind of message it is. */
    readonly msgType: TraceMessageType;
    /** Undefined where an old client wrote the trace. */
    readonly offsetMsgId: string | undefined;
    /** Whether the broker took the message. */
    readonly success: boolean;
    /** Address of the producer, where its client writes that. */
    readonly clientHost?: string;
}

/**
 * Reads queues at offsets that you keep: nothing is shared, held in hand or committed by itself. `schedule` runs a task of
 * yours on each queue of a topic, with the queues shared among the members of the group.
 *
 * Calls take `timeoutMs` (default 10000) and `signal`, and reject with REQUEST_TIMEOUT, ABORTED, CONNECT_FAILED,
 * CHANNEL_CLOSED, BROKER_NOT_FOUND, NO_NAME_SERVER, a `BrokerError`, INVALID_ARGUMENT or INVALID_TOPIC for wrong input, and
 * INVALID_STATE unless the consumer runs.
 *
 * @example
 * const consumer = new PullConsumer({ namesrvAddr: '127.0.0.1:9876', consumerGroup: 'copy' })
 * await consumer.start()
 * for (const queue of await consumer.fetchMessageQueues('Orders')) {
 *   let offset = (await consumer.fetchConsumeOffset(queue)) ?? 0
 *   const { messages, nextBeginOffset } = await consumer.pull(queue, { offset, maxNums: 32 })
 *   await consumer.updateConsumeOffset(queue, nextBeginOffset)
 * }
 */
export declare class PullConsumer extends ReplyingConsumer<PullConsumerEvents> {
    #private;
    /** Name of the consumer group, without its namespace. */
    readonly consumerGroup: string;
    /** @throws RocketMQError INVALID_GROUP, INVALID_ARGUMENT, NO_NAME_SERVER */
    constructor(options: PullConsumerOptions);
    /**
     * Tells the brokers, and takes queues where there are scheduled tasks.
     * @throws RocketMQError NO_NAME_SERVER, START_TIMEOUT, INVALID_STATE, OFFSET_STORE_FAILED, ABORTED
     */
    start(options?: StartOptions): Promise<void>;
    /**
     * All queues of a topic that can be read, as name servers tell them now.
     * @throws RocketMQError TOPIC_NOT_FOUND, INVALID_TOPIC
     */
    fetchMessageQueues(topic: string, options?: CallOptions): Promise<readonly MessageQueue[]>;
    /**
     * Messages of a queue from an offset on; answered at once, also where there are none. What cannot be read is left out,
     * which `backgroundError` tells.
     */
    pull(queue: MessageQueue, options: PullOptions): Promise<PullResult>;
    /** As `pull`; while there are none, the broker waits for messages for as long as `brokerSuspendMaxTimeMs`. */
    pullBlockIfNotFound(queue: MessageQueue, options: PullOptions): Promise<PullResult>;
    /** The offset of the oldest message that a queue still holds. */
    minOffset(queue: MessageQueue, options?: CallOptions): Promise<number>;
    /** The offset that the next message of a queue will get. */
    maxOffset(queue: MessageQueue, options?: CallOptions): Promise<number>;
    /**
     * The offset of the first message of a queue stored at a time, ms since 1970 or a Date, or later; where there is none, its
     * end. Brokers before 5.0 tell the message that was stored nearest to that time.
     */
    offsetForTimestamp(queue: MessageQueue, timestamp: number | Date, options?: CallOptions): Promise<number>;
    /**
     * Writes down how far the group has come with a queue: the offset of the next message to handle.
     * @throws RocketMQError OFFSET_STORE_FAILED
     */
    updateConsumeOffset(queue: MessageQueue, offset: Int64Input, options?: CallOptions): Promise<void>;
    /** How far the group has come with a queue; undefined where it never told. Brokers tell 0 for a young queue. */
    fetchConsumeOffset(queue: MessageQueue, options?: CallOptions): Promise<number | undefined>;
    /**
     * Hands a message that could not be handled back to its broker, which puts it to the group's retry topic,
     * `%RETRY%` + group, after a while, and after `maxReconsumeTimes` tries to the dead letters.
     * @param message as a pull has returned it, or a `copy()` of that
     * @param delayLevel 0: the broker decides by the number of tries; negative: to the dead letters at once
     */
    sendMessageBack(message: MessageExt, delayLevel?: number, options?: CallOptions): Promise<void>;
    /**
     * Runs a task on each queue of a topic that is this member's share, again and again, as Java's
     * `MQPullConsumerScheduleService` does. May be called before `start` and while running.
     * @throws RocketMQError INVALID_TOPIC, INVALID_ARGUMENT
     */
    schedule(topic: string, task: PullTask): this;
    /** Runs the task of a topic no more. */
    unschedule(topic: string): this;
    /** What it is doing at the moment. */
    stats(): PullConsumerStats;
    /**
     * Ends pulls, waits for scheduled tasks, tells the brokers and closes connections that nobody else uses. Pulls under way
     * reject with ABORTED.
     * @param options `timeoutMs`: limit of the wait for tasks, default 30000; to close what is left
     * takes 3 s more at the most, where brokers do not answer
     * @throws RocketMQError SHUTDOWN_INCOMPLETE where tasks still ran at the end of it; all is closed then, too
     * @throws RocketMQError INVALID_ARGUMENT for a wrong `timeoutMs`; nothing is shut down then
     */
    shutdown(options?: {
        timeoutMs?: number;
    }): Promise<void>;
}

/** Events of a pull consumer. */
export declare interface PullConsumerEvents {
    /** Queues with a scheduled task were taken. */
    assigned: [queues: readonly MessageQueue[]];
    /** Queues with a scheduled task were given back; the signals of their tasks are aborted. */
    revoked: [queues: readonly MessageQueue[]];
    /** A scheduled task threw or rejected; it is run again after 1 s. */
    taskError: [error: Error, queue: MessageQueue];
    /** Something failed that no call waits for: a heartbeat, a rebalance, a message that could not be read and was left out. */
    backgroundError: [error: RocketMQError];
}

/** Options of a pull consumer; names and defaults are Java's unless told otherwise. */
export declare interface PullConsumerOptions extends ClientOptions {
    /** Name of the group that offsets are kept for; no push consumer should share it. */
    readonly consumerGroup: string;
    /** CLUSTERING keeps offsets on the brokers and shares scheduled queues, BROADCASTING neither; default CLUSTERING. */
    readonly messageModel?: MessageModel;
    /** Shares scheduled queues among members; all members need the same. Default AVG. */
    readonly allocateStrategy?: AllocateMessageQueueStrategy;
    /** Where offsets are kept; default on the brokers, for broadcasting in a local file. */
    readonly offsetStore?: OffsetStore;
    /** Folder of the offset files of broadcasting; default `.rocketmq_offsets` in the home folder. */
    readonly localOffsetStoreDir?: string;
    /**
     * Broadcasting: has brokers keep the offsets of this member, under the group `consumerGroup|key`, rather than a file of this
     * host. The key must be the same at each start of this member, and another one for each member. Letters, digits, `_` and `-`.
     */
    readonly broadcastOffsetKey?: string;
    /** Limit of a `pull`, ms; default 10000. */
    readonly consumerPullTimeoutMs?: number;
    /** How long a broker may hold a `pullBlockIfNotFound` while there is nothing new, ms; default 20000. */
    readonly brokerSuspendMaxTimeMs?: number;
    /** Limit of a `pullBlockIfNotFound`, ms, at least `brokerSuspendMaxTimeMs`; default 30000, or 10000 more than that. */
    readonly consumerTimeoutWhenSuspendMs?: number;
    /** Tries after which a message that is sent back goes to the dead letters, 0 to 2147483647; default 16. */
    readonly maxReconsumeTimes?: number;
    /** Drop messages after they were pulled, before anybody sees them; each must return true for a message that is wanted. */
    readonly messageFilters?: readonly MessageFilter[];
}

/** A snapshot of what a pull consumer is doing. */
export declare interface PullConsumerStats {
    /** Where in its life it is, from `created` to `stopped` or `failed`. */
    readonly state: LifecycleState;
    /** Queues with a scheduled task that are its own at present. */
    readonly queues: readonly MessageQueue[];
    /** Scheduled tasks at work. */
    readonly tasksRunning: number;
}

/** What a pull asks for. Its default `timeoutMs` is `consumerPullTimeoutMs` or `consumerTimeoutWhenSuspendMs`. */
export declare interface PullOptions extends CallOptions {
    /** Offset of the first message. */
    readonly offset: Int64Input;
    /** Most messages, 1 to 2147483647; default 32. Brokers have a limit of their own. */
    readonly maxNums?: number;
    /** Most bytes, 1 to 2147483647; brokers from 5.0. */
    readonly maxBytes?: number;
    /** As for `subscribe` of other consumers; default all messages. */
    readonly expression?: SubscriptionExpression;
}

/** The broker's answer to a pull. */
export declare interface PullResult {
    /** What it came to. */
    readonly status: PullStatus;
    /** Where the next pull goes on. */
    readonly nextBeginOffset: number;
    /** The oldest offset of the queue, and the one that its next message will get. */
    readonly minOffset: number;
    /** The offset that the next message of the queue will get. */
    readonly maxOffset: number;
    /** Empty unless the status is `FOUND`. */
    readonly messages: readonly MessageExt[];
}

/**
 * What a pull came to. `FOUND`: there are messages. `NO_NEW_MSG`: the queue has none at or after the offset yet.
 * `NO_MATCHED_MSG`: it has, and none that was asked for. `OFFSET_ILLEGAL`: it begins after the offset, or ends before it.
 */
export declare type PullStatus = 'FOUND' | 'NO_NEW_MSG' | 'NO_MATCHED_MSG' | 'OFFSET_ILLEGAL';

/** Works on one queue that is ours, again and again; a promise that it returns is waited for. */
export declare type PullTask = (queue: MessageQueue, context: PullTaskContext) => unknown;

/** What a pull task is told, and tells. */
export declare interface PullTaskContext {
    /** Aborted when the queue is given away or the consumer shuts down. */
    readonly signal: AbortSignal;
    /** The task's to set: how long after its end it is run again, ms, 0 and up; 200 where it does not say. */
    nextDelayMs: number;
}

/**
 * Receives messages as they come and hands them to a listener; a message counts as consumed when its listener has ended
 * without an error. Every message comes at least once.
 *
 * @example
 * const consumer = new PushConsumer({ namesrvAddr: '127.0.0.1:9876', consumerGroup: 'billing' })
 * consumer.subscribe('Orders', 'paid || refunded')
 * consumer.consumeEach(async message => console.log(message.text()))
 * await consumer.start()
 */
export declare class PushConsumer extends ReplyingConsumer<PushConsumerEvents> {
    #private;
    /** Name of the consumer group, without its namespace. */
    readonly consumerGroup: string;
    /** @throws RocketMQError INVALID_GROUP, INVALID_ARGUMENT, NO_NAME_SERVER */
    constructor(options: PushConsumerOptions);
    /**
     * Wants the messages of a topic, those of some tags where an expression is given: `tagA || tagB`, or `*` for all; or those
     * that a SQL92 condition is true of, such as `{ sql92: 'amount > 10' }`. May be called while running, and again for a
     * topic to change its expression. All members of a group must subscribe to the same. Brokers are asked about a condition
     * before it is used: by `start`, or, while running, at once; where they refuse it the event `backgroundError` says so and
     * all stays as it was.
     * @throws RocketMQError INVALID_TOPIC, INVALID_EXPRESSION, INVALID_STATE after `shutdown`
     */
    subscribe(topic: string, expression?: SubscriptionExpression): this;
    /** Wants the messages of a topic no more; may be called while running. @throws RocketMQError INVALID_STATE after the end */
    unsubscribe(topic: string): this;
    /**
     * Sets the listener, once, before `start`. It gets an array, of one message unless `batchSize` is larger. With
     * `ordered: 'queue'` the messages of a queue come strictly in order, with `ordered: 'key'` those of a sharding key.
     * @throws RocketMQError INVALID_ARGUMENT, INVALID_STATE
     */
    consume<const R extends ConsumeConcurrentlyResult>(listener: MessageListenerConcurrently<R>): this;
    /** The same in order, by queue or by sharding key. */
    consume<const R extends ConsumeOrderlyResult>(options: InOrder, listener: MessageListenerOrderly<R>): this;
    /** The same without order, with options. */
    consume<const R extends ConsumeConcurrentlyResult>(options: InAnyOrder, listener: MessageListenerConcurrently<R>): this;
    /** As `consume`, with one message for each call. */
    consumeEach<const R extends ConsumeConcurrentlyResult>(listener: EachMessage<R>): this;
    /** The same in order, by queue or by sharding key. */
    consumeEach<const R extends ConsumeOrderlyResult>(options: InOrder, listener: EachMessage<R, ConsumeOrderlyContext>): this;
    /** The same without order, with options. */
    consumeEach<const R extends ConsumeConcurrentlyResult>(options: InAnyOrder, listener: EachMessage<R>): this;
    /**
     * Tells the brokers, and takes its queues: a message sent after it has resolved is received.
     * @throws RocketMQError NO_NAME_SERVER, START_TIMEOUT, INVALID_STATE, OFFSET_STORE_FAILED, ABORTED
     * @throws RocketMQError INVALID_EXPRESSION, UNSUPPORTED_BY_BROKER where a broker does not filter by a SQL92 condition, or,
     * with `clientRebalance: false`, is older than 5.0; nothing is begun then
     */
    start(options?: StartOptions): Promise<void>;
    /** Stops pulling; what is in hand is still handled. */
    suspend(): void;
    /** Goes on after `suspend`, or, with queues, after `pause` of these; those that were given away meanwhile are left alone. */
    resume(queues?: readonly MessageQueue[]): void;
    /**
     * Stops pulling some queues that are assigned at present, until `resume` or until they are given away.
     * @throws RocketMQError INVALID_ARGUMENT for a queue that is not assigned
     */
    pause(queues: readonly MessageQueue[]): void;
    /**
     * Changes how many listener calls may run at a time, 1 to 1000, or between what that moves by itself.
     * @throws RocketMQError INVALID_ARGUMENT, INVALID_STATE
     */
    updateConcurrency(concurrency: number | ConcurrencyRange): void;
    /**
     * Changes how many messages the listener is given in a second; `undefined` ends the limit.
     * @throws RocketMQError INVALID_ARGUMENT, INVALID_STATE
     */
    updateRateLimit(rateLimit: RateLimit | undefined): void;
    /** What it is doing at the moment. */
    stats(): PushConsumerStats;
    /**
     * How far behind this member is with its queues, in messages and in time: brokers are asked where each queue ends, and for
     * the first message that is not handled where that is not in hand. `stats().lag` is what the last pulls told, at no cost.
     * @throws RocketMQError REQUEST_TIMEOUT after `timeoutMs` (10000), ABORTED, CONNECT_FAILED, CHANNEL_CLOSED, a `BrokerError`
     * @throws RocketMQError INVALID_STATE unless the consumer runs
     */
    lag(options?: CallOptions): Promise<ConsumerLag>;
    /**
     * Takes no more messages, waits for the listeners that run, writes progress down, tells the brokers and closes
     * connections that nobody else uses. What was in hand and not begun comes again, to another member or the next start.
     * A listener that awaits it waits for itself until the limit: call it there without `await`.
     * @param options `timeoutMs`: limit of the wait for listeners, default 30000; to close what is left
     * takes 3 s more at the most, where brokers do not answer
     * @throws RocketMQError SHUTDOWN_INCOMPLETE where listeners still ran at the end of it; all is closed then, too
     * @throws RocketMQError INVALID_ARGUMENT for a wrong `timeoutMs`; nothing is shut down then
     */
    shutdown(options?: {
        timeoutMs?: number;
    }): Promise<void>;
}

/** Events of a push consumer. */
export declare interface PushConsumerEvents {
    /** Queues were taken. */
    assigned: [queues: readonly MessageQueue[]];
    /** Queues were given back. */
    revoked: [queues: readonly MessageQueue[]];
    /** The listener threw, rejected or returned what is no result; its messages come again, or are dropped when broadcasting. */
    listenerError: [error: Error, messages: readonly MessageExt[]];
    /** A threshold of `lagThresholds` was passed, or is kept again. */
    lag: [alarm: LagAlarm];
    /** Something failed that no call waits for: a pull, a heartbeat, an offset that could not be written down. */
    backgroundError: [error: RocketMQError];
}

/** Options of a push consumer; names, defaults and ranges are Java's unless told otherwise. */
export declare interface PushConsumerOptions extends ClientOptions {
    /** Name of the group; its members share the messages and must subscribe to the same. */
    readonly consumerGroup: string;
    /** CLUSTERING shares queues among the members, BROADCASTING gives each member all; default CLUSTERING. */
    readonly messageModel?: MessageModel;
    /** Where a group begins that never committed; default CONSUME_FROM_LAST_OFFSET. */
    readonly consumeFromWhere?: ConsumeFromWhere;
    /** For CONSUME_FROM_TIMESTAMP: a Date, milliseconds since 1970, or Java's `yyyyMMddHHmmss` in local time; default 30 minutes ago. */
    readonly consumeTimestamp?: Date | number | string;
    /** Shares queues among members; all members need the same. Default AVG. */
    readonly allocateStrategy?: AllocateMessageQueueStrategy;
    /** Where progress is kept; default on the brokers, for broadcasting in a local file. */
    readonly offsetStore?: OffsetStore;
    /** Folder of the offset files of broadcasting; default `.rocketmq_offsets` in the home folder. */
    readonly localOffsetStoreDir?: string;
    /**
     * Broadcasting: has brokers keep the offsets of this member, under the group `consumerGroup|key`, rather than a file of this
     * host. The key must be the same at each start of this member, and another one for each member. Letters, digits, `_` and `-`.
     */
    readonly broadcastOffsetKey?: string;
    /** Messages of one pull, 1 to 1024; default 32. Brokers have a limit of their own. */
    readonly pullBatchSize?: number;
    /** Bytes of one pull, 1 and up; default 262144. Brokers from 5.0. */
    readonly pullBatchSizeInBytes?: number;
    /** Pause between pulls of a queue, ms, 0 to 65535; default 0. */
    readonly pullIntervalMs?: number;
    /** Messages in hand per queue beyond which pulling waits, 1 to 65535; default 1000. */
    readonly pullThresholdForQueue?: number;
    /** MiB in hand per queue beyond which pulling waits, 1 to 1024; default 100. */
    readonly pullThresholdSizeForQueue?: number;
    /**
     * Messages in hand of all queues together, 1 to 6553500: each queue may have its share of it, at least one message, in
     * place of `pullThresholdForQueue`; default, and Java's -1: no such limit.
     */
    readonly pullThresholdForTopic?: number;
    /** The same in MiB, 1 to 102400; default, and Java's -1: no such limit. */
    readonly pullThresholdSizeForTopic?: number;
    /**
     * Concurrent listeners, and order by key: distance from the first message that is not handled to the last one that was
     * pulled beyond which pulling waits, 1 to 65535; default 2000. It bounds what comes again after a crash.
     */
    readonly consumeConcurrentlyMaxSpan?: number;
    /** Failures after which a message goes to the dead letters; default 16, and never where queues are kept in order. */
    readonly maxReconsumeTimes?: number;
    /** In order: how long a queue, or a key, stands still after a failure, ms, used within 10 to 30000; default 1000. */
    readonly suspendCurrentQueueTimeMs?: number;
    /** A listener may take so long, ms; default 900000. Concurrent ones have their message delivered again, of others it is told. */
    readonly consumeTimeoutMs?: number;
    /** How often progress is written down, ms; default 5000. */
    readonly persistConsumerOffsetIntervalMs?: number;
    /** Send the subscription with every pull, for brokers that lost the heartbeat's; default false. */
    readonly postSubscriptionWhenPull?: boolean;
    /** Drop messages after they were pulled, before anybody sees them; each must return true for a message that is wanted. */
    readonly messageFilters?: readonly MessageFilter[];
    /** Run around every call of the listener, the first one outermost. None means no step at all. */
    readonly interceptors?: readonly ConsumeInterceptor[];
    /** Tells brokers of every call of the listener, before and after, in a topic for traces; default false (Java `enableMsgTrace`). */
    readonly trace?: boolean | TraceOptions;
    /** Lag beyond which the event `lag` tells of it, in messages and age, in all and per queue; default: none, brokers are not asked. */
    readonly lagThresholds?: LagThresholds;
    /**
     * False has brokers share the queues and say for each topic, as an administrator has set it, whether it is pulled or popped;
     * brokers from 5.0. Not with `ordered: 'key'`, and by the strategies AVG and AVG_BY_CIRCLE alone; without effect on
     * broadcasting; default true.
     */
    readonly clientRebalance?: boolean;
    /** Popped messages are hidden from others for this long, and longer while a listener works, ms, 5000 to 300000; default 60000. */
    readonly popInvisibleTimeMs?: number;
    /** Messages of one pop, 1 to 32; default 32. */
    readonly popBatchNums?: number;
    /** Popped messages in hand of one assigned queue, or broker, beyond which popping waits, 1 to 65535; default 96. */
    readonly popThresholdForQueue?: number;
}

/** A snapshot of what a push consumer is doing. */
export declare interface PushConsumerStats {
    /** Where in its life it is, from `created` to `stopped` or `failed`. */
    readonly state: LifecycleState;
    /** The queues that are its own and pulled. */
    readonly queues: readonly QueueStats[];
    /** What is popped, with `clientRebalance: false`. */
    readonly popQueues: readonly PopQueueStats[];
    /** Sums over the queues and what is popped. */
    readonly cached: number;
    /** Messages that listeners have, or that are on their way back. */
    readonly inFlight: number;
    /** Of the queues, as of the last pulls: `lag()` asks the brokers. */
    readonly lag: number;
    /** Listener calls under way. */
    readonly listenersRunning: number;
    /** How many may be, and why; undefined before `start`. */
    readonly concurrency: ConcurrencyStats | undefined;
    /** Undefined where there is no limit, and before `start`. */
    readonly rateLimit: RateLimitStats | undefined;
    /** Undefined where nothing is traced, and before `start`. */
    readonly trace: TraceStats | undefined;
}

/** Queues of a topic on one broker (Java `QueueData`). */
export declare interface QueueData {
    /** Name of the broker. */
    readonly brokerName: string;
    /** How many queues consumers read. */
    readonly readQueueNums: number;
    /** How many queues producers write. */
    readonly writeQueueNums: number;
    /** Bits of `perm.ts`. */
    readonly perm: number;
    /** RocketMQ's bits of the topic. */
    readonly topicSysFlag: number;
}

/** How far behind a consumer is with one of its queues. */
export declare interface QueueLag {
    /** The queue. */
    readonly queue: MessageQueue;
    /**
     * Offset of the first message that is not done with; for lite pull: that `poll` has not returned yet. Of a queue that is
     * popped what the group has committed, which passes messages when they are acknowledged or, some seconds later, only popped.
     */
    readonly offset: number;
    /** The queue's end: the offset that the next message will get. */
    readonly maxOffset: number;
    /** Messages from `offset` to `maxOffset`, those that a filter will pass over included. */
    readonly messages: number;
    /** Time since the first of them was stored, ms; 0 where there is none. */
    readonly ageMs: number;
}

/** An offset of a queue. */
export declare interface QueueOffset {
    /** The queue. */
    readonly queue: MessageQueue;
    /** The offset that is read next. */
    readonly offset: number;
}

/** Progress of one queue. */
export declare interface QueueStats {
    /** The queue. */
    readonly queue: MessageQueue;
    /** Messages in hand, and the bytes of their bodies. */
    readonly cached: number;
    /** Bytes of their bodies. */
    readonly cachedBytes: number;
    /** Messages that a listener has, or that are on their way back to the broker. */
    readonly inFlight: number;
    /** The lowest offset that is not handled. */
    readonly commitOffset: number;
    /** The message at `commitOffset`, where it has failed before or nothing more is pulled until it is handled. */
    readonly blockedBy: BlockingMessage | undefined;
    /** The queue's end as the last pull told it. */
    readonly maxOffset: number;
    /** Messages from `commitOffset` to `maxOffset`. */
    readonly lag: number;
    /** Milliseconds since it was last gone to for messages; 0 while that is held up on purpose, as by a full queue or a pause. */
    readonly idleMs: number;
}

/** How many messages a producer sends, or a consumer's listener is given. */
export declare interface RateLimit {
    /** Messages a second, 0.001 to 1000000. */
    readonly perSecond: number;
    /** Messages that may go at once after a rest, 1 to 1000000; default those of one second, at least 1. */
    readonly burst?: number;
}

/** What is told of a rate limit. */
export declare interface RateLimitStats {
    /** Messages a second. */
    readonly perSecond: number;
    /** Messages that may come at once after a rest. */
    readonly burst: number;
    /** Messages that may be handed out now; negative where a batch went beyond. */
    readonly available: number;
    /** True while messages wait for it. */
    readonly isLimiting: boolean;
}

/** What an interceptor sees of a recall. */
export declare interface RecallContext {
    /** Tells these contexts from those of other operations. */
    readonly operation: 'recall';
    /** Name of the producer group, without its namespace. */
    readonly producerGroup: string;
    /** Topic that it was sent to. */
    readonly topic: string;
    /** The handle, as it was given. */
    readonly recallHandle: string;
    /** The message's unique id. */
    readonly msgId: string;
    /** Name of the broker that has the message. */
    readonly brokerName: string;
}

/** Runs around a recall: `next` goes on, and resolves with the id of the message. One that throws fails the recall. */
export declare type RecallInterceptor = Interceptor<RecallContext, string>;

/** A timer message was called back. */
export declare interface RecallTrace extends TraceOfClient {
    /** Tells the kinds of trace apart, as RocketMQ names them. */
    readonly type: 'Recall';
    /** Topic of the message. */
    readonly topic: string;
    /** Whether the broker called it back. */
    readonly success: boolean;
}

/** Of `rocketwire:receive`: a call that asks for messages, by a simple, lite pull or pull consumer. */
export declare interface ReceiveEvent extends DiagnosticsEvent {
    /** The call: `receive` of a simple, `poll` of a lite pull, `pull` of a pull consumer. */
    readonly operation: 'receive' | 'poll' | 'pull';
    /** Set before `asyncStart`: what was received, often nothing. */
    messages: readonly MessageExt[];
}

/** What `receive` is asked for. `timeoutMs` has no meaning here: `awaitDurationMs` is the limit. */
export declare interface ReceiveOptions extends Pick<CallOptions, 'signal'> {
    /** Most messages, 1 to 32; default 32. */
    readonly maxMessages?: number;
    /** Default is that of the consumer. */
    readonly invisibleDurationMs?: number;
    /** Default is that of the consumer. With 0 `receive` looks once and does not wait. */
    readonly awaitDurationMs?: number;
}

/** A consumer, which can reply to what it receives. */
declare abstract class ReplyingConsumer<Events extends EventMap<Events>> extends ClientMember<Events> {
    #private;
    /**
     * Replies to a message that was received, whose sender waits in `Producer.request`; no producer is needed for it, and a
     * listener can also while the consumer is shut down. Resolves when the sender's client has the reply.
     * @param reply the body, or a message without a topic
     * @param options `timeoutMs`, default 3000, and `signal`
     * @throws RocketMQError INVALID_MESSAGE where the message asks for no reply, INVALID_STATE where the consumer does not run;
     * and as `Producer.send`
     * @throws BrokerError SYSTEM_ERROR where no broker knows the client that asked any more
     */
    reply(request: MessageExt, reply: ReplyMessage | ReplyMessage['body'], options?: ReplyOptions): Promise<SendResult>;
}

/** A reply: a message without a topic, which is known, and without a delay. */
export declare type ReplyMessage = Pick<Message, 'body' | 'encoding' | 'tags' | 'keys' | 'properties' | 'flag'>;

/** What can be said of one reply. */
export declare type ReplyOptions = Pick<SendOptions, 'timeoutMs' | 'signal'>;

/** Of `rocketwire:request`: a request of a producer until its reply; its message is a `rocketwire:send` of its own. */
export declare interface RequestEvent extends DiagnosticsEvent {
    /** Tells these events from those of other channels. */
    readonly operation: 'request';
    /** The message that asks. */
    readonly message: Message;
    /** The reply, when it has come. */
    readonly result?: MessageExt;
}

/** Which brokers a request mode is for, and how queues are shared. */
export declare interface RequestModeOptions extends CallOptions, BrokerScope {
    /**
     * With how many other members each member shares its queues in mode `POP`; default 0: all members pop all queues.
     */
    readonly popShareQueueNum?: number;
}

/** Where a group shall go on with a topic. */
export declare interface ResetOffsets extends CallOptions {
    /** Name of the group. */
    readonly consumerGroup: string;
    /** The topic whose offsets are set. */
    readonly topic: string;
    /**
     * A time, ms since 1970 or a Date: the first message stored then or later, for old brokers (4.9) the one stored nearest
     * to it; `'earliest'`: the oldest message; `'latest'`: the end.
     */
    readonly timestamp: number | Date | 'earliest' | 'latest';
    /** False moves offsets only back: queues that are behind already stay where they are. Default true. */
    readonly force?: boolean;
}

/** Base of all errors. `code` is stable, `retriable` says whether the same call may succeed later, `cause` is kept. */
export declare class RocketMQError extends Error implements ErrorDetails {
    /** Name of the class, as stack traces show it. */
    readonly name: string;
    /** Stable name of what went wrong: match on it. */
    readonly code: ErrorCode;
    /** Whether the same call may succeed later. */
    readonly retriable: boolean;
    /** `host:port` that it happened with. */
    readonly address?: string;
    /** RocketMQ's name of the request. */
    readonly command?: string;
    /** Topic that it is about. */
    readonly topic?: string;
    /** Producer or consumer group that it is about. */
    readonly group?: string;
    /** Name of the broker that it is about. */
    readonly brokerName?: string;
    /** For a failed send: whether the broker may have stored the message. */
    readonly sent?: 'NO' | 'UNKNOWN';
    /** For a failed send: how often it was tried. */
    readonly attempts?: number;
    /** For a failed send: the brokers that it was tried on, in order. */
    readonly brokersTried?: readonly string[];
    constructor(code: ErrorCode, message: string, options?: ErrorOptions_2);
    /** Recognises the errors of every installed copy of this package, where `instanceof` would not. */
    static is(error: unknown): error is RocketMQError;
}

/** How a producer deals with brokers that are slow or fail; names as Java's. */
export declare interface RoutingSafetyOptions {
    /** Answers of brokers, by code, after which `send` tries another broker, beside Java's own (`addRetryResponseCode`). */
    readonly retryResponseCodes?: readonly number[];
    /** Limit of one try of a send while another may follow, ms; default none (Java `sendMsgMaxTimeoutPerRequest`). */
    readonly sendMsgMaxTimeoutPerRequestMs?: number;
    /** Avoid brokers that are slow or failed lately, where the queue is not chosen; default false. */
    readonly sendLatencyFaultEnable?: boolean;
    /** With it: the table of which generation of Java's client says how long; default 5.x. */
    readonly latencyTable?: '5.x' | '4.9';
    /** With it: latencies from which on a broker is avoided, ms, rising; default those of the table. */
    readonly latencyMax?: readonly number[];
    /** With it: for how long then, ms, as many; default those of the table. */
    readonly notAvailableDuration?: readonly number[];
    /** With it: ask brokers that failed whether they can be reached, and send to no other meanwhile; default false. */
    readonly startDetectorEnable?: boolean;
    /** Between two questions to a broker, ms; default 2000. */
    readonly detectIntervalMs?: number;
    /** Limit of a question, ms; default 200. */
    readonly detectTimeoutMs?: number;
}

/** What an interceptor sees of a request to a name server or broker. */
export declare interface RpcContext {
    /** Tells these contexts from those of other operations. */
    readonly operation: 'rpc';
    /** `host:port` that it goes to. */
    readonly address: string;
    /** RocketMQ's name of the request, such as `SEND_MESSAGE_V2`. */
    readonly command: string;
    /** RocketMQ's number of the request. */
    readonly code: number;
    /** True where nothing is answered. */
    readonly oneway: boolean;
    /** Before it is signed. */
    readonly fields: RpcFields;
    /** Size of the body, bytes. */
    readonly bodyBytes: number;
    /** Fields to send besides, signed with the others; to be filled in before `next()`. */
    readonly extraFields: Record<string, string>;
}

/** Fields of a header as they travel; those that hold secrets say `[redacted]`. */
export declare type RpcFields = Readonly<Record<string, string>>;

/**
 * Runs around a request: `next` sends it, and resolves with the answer, whatever its code, or with undefined for a oneway
 * request. What it returns is of no matter; one that throws fails the request, and without `next` nothing is sent.
 */
export declare type RpcInterceptor = Interceptor<RpcContext, RpcResponse | undefined>;

/** What a server answered. */
export declare interface RpcResponse {
    /** RocketMQ's name of the code, such as `SUCCESS`, or its number where it has none. */
    readonly code: string;
    /** The server's own words. */
    readonly remark: string | undefined;
    /** Fields of the header, without secrets. */
    readonly fields: RpcFields;
    /** Size of the body, bytes. */
    readonly bodyBytes: number;
}

/** An `EventEmitter` on which a listener that throws or rejects stops nothing: `onListenerError` hears of it. */
declare class SafeEmitter<Events extends EventMap<Events>> extends EventEmitter {
    /** Tells every listener, whatever the others do; true where there is one. */
    emit<Name extends keyof Events & string>(event: Name, ...args: Events[Name]): boolean;
    /** Has `listener` told of every such event. */
    on<Name extends keyof Events & string>(event: Name, listener: (...args: Events[Name]) => void): this;
    /** Has `listener` told of the next such event. */
    once<Name extends keyof Events & string>(event: Name, listener: (...args: Events[Name]) => void): this;
    /** Takes a listener off again. */
    off<Name extends keyof Events & string>(event: Name, listener: (...args: Events[Name]) => void): this;
}

/** The queue that Java's `SelectMessageQueueByHash` chooses for the same argument. Throws INVALID_ARGUMENT for null and objects. */
export declare const selectByHash: MessageQueueSelector;

/** Any queue of the brokers that are named `room@broker` with one of these rooms. Throws NO_WRITABLE_QUEUE where there is none. */
export declare function selectByMachineRoom(rooms: Iterable<string>): MessageQueueSelector;

/** Any queue, each as likely as the others. */
export declare const selectByRandom: MessageQueueSelector;

/** What can be said of a `sendAll`; what is said of a send goes for each. */
export declare interface SendAllOptions extends SendOptions {
    /** Sends that are under way at a time, or whose outcome was not read yet, 1 to 65535; default 256. */
    readonly concurrency?: number;
    /** Called after each send; what it throws is told by the event `backgroundError`. */
    readonly onProgress?: (progress: SendAllProgress) => void;
}

/** How far a `sendAll` is, in messages; those of batches count one by one. */
export declare interface SendAllProgress {
    /** Messages that were sent. */
    readonly sent: number;
    /** Messages whose send failed. */
    readonly failed: number;
}

/** Called with either an error or a result. */
export declare type SendAsyncCallback = (error: RocketMQError | Error | undefined, result: SendResult | undefined) => void;

/** Of `rocketwire:send`: a send in any form, that of a half message, a request or a reply included, with all its tries. */
export declare interface SendEvent extends DiagnosticsEvent {
    /** Tells these events from those of other channels. */
    readonly operation: 'send';
    /** `SYNC` for `send`, `ASYNC` for `sendAsync`, `ONEWAY` for `sendOneway`. */
    readonly mode: 'SYNC' | 'ASYNC' | 'ONEWAY';
    /** A subscriber of `start` may put another one in its place, such as one with more properties; never change the object itself. */
    message: Message | readonly Message[];
    /** Set when the broker has answered; never for oneway sends. */
    readonly result?: SendResult;
}

/**
 * Runs around a send: `next` goes on, and resolves with the result, or with undefined for a oneway send, which has none.
 * An interceptor that throws fails the send: with INTERCEPTOR_FAILED, unless what it throws is a RocketMQError. The time and
 * the signal of the send end it also while interceptors have it; what they do later has no effect.
 */
export declare type SendInterceptor = (context: SendInterceptorContext, next: () => Promise<SendResult | undefined>) => Promise<SendResult | undefined>;

/** What an interceptor sees of a send. */
export declare interface SendInterceptorContext {
    /** Tells these contexts from those of other operations. */
    readonly operation: 'send';
    /** `SYNC` for `send`, `ASYNC` for `sendAsync`, `ONEWAY` for `sendOneway`. */
    readonly mode: 'SYNC' | 'ASYNC' | 'ONEWAY';
    /** Name of the producer group, without its namespace. */
    readonly producerGroup: string;
    /** One message or a batch. May be replaced before `next()`; the caller's own object is never changed. */
    message: Message | readonly Message[];
    /** As they were given. */
    readonly options: SendOptions;
}

/** What can be said of one send. At most one of `queue`, `selector` and `shardingKey`. */
export declare interface SendOptions {
    /** Limit of the whole call with its retries, ms, for each part of a split batch; default the producer's `sendTimeoutMs`. */
    readonly timeoutMs?: number;
    /** Ends the call with ABORTED, whose `cause` is the signal's reason and whose `sent` tells whether the message may be stored. */
    readonly signal?: AbortSignal;
    /** Send to this queue, and nowhere else. */
    readonly queue?: MessageQueue;
    /** Chooses the queue. */
    readonly selector?: MessageQueueSelector;
    /** Given to the selector. */
    readonly arg?: unknown;
    /** Messages with the same sharding key go to the same queue; also stored as the message's sharding key. */
    readonly shardingKey?: string;
}

/** What became of one message, or batch, of a `sendAll`: a result, or an error. */
export declare type SendOutcome<M extends Message | readonly Message[] = Message> = {
    /** Its place in the source, from 0. */
    readonly index: number;
    readonly message: M;
    readonly result: SendResult;
    readonly error: undefined;
} | {
    readonly index: number;
    readonly message: M;
    readonly result: undefined;
    readonly error: Error;
};

/** The broker's answer to a send. */
export declare interface SendResult {
    /** Whether it is stored as safely as was asked for. */
    readonly sendStatus: SendStatus;
    /** The unique id made by this client; for a batch the ids joined by commas. */
    readonly msgId: string;
    /** The broker's id, store host and commit-log offset; for a batch joined by commas. */
    readonly offsetMsgId: string;
    /** Where the message went; the queue id is the broker's answer. */
    readonly messageQueue: MessageQueue;
    /** Offset in that queue; of the first message for a batch. */
    readonly queueOffset: number;
    /** Of a half message: id of its transaction. */
    readonly transactionId?: string;
    /** For timer messages of brokers from 5.3.2: what recalls them. */
    readonly recallHandle?: string;
    /** Region of the broker; `DefaultRegion` where it tells none. */
    readonly regionId: string;
    /** Whether the broker takes traces. */
    readonly traceOn: boolean;
    /** Where a batch had to be split by size: the result of each part, in order. */
    readonly results?: readonly SendResult[];
}

/**
 * What the broker said of an accepted message: all but `SEND_OK` mean it is stored with weaker durability. `SPOOLED`, only
 * with the option `outbox`: no broker has accepted it, it waits on the local disk, and there is no `offsetMsgId`, queue or
 * offset yet (`''` and -1).
 */
export declare type SendStatus = 'SEND_OK' | 'FLUSH_DISK_TIMEOUT' | 'FLUSH_SLAVE_TIMEOUT' | 'SLAVE_NOT_AVAILABLE' | 'SPOOLED';

/** Form of the header of a frame. */
export declare type SerializeType = 'JSON' | 'ROCKETMQ';

/** Of a settle event: how a transaction ended. */
export declare interface SettledTransaction {
    /** Id of the transaction, the same in every check. */
    readonly transactionId: string;
    /** What was sent; where a broker asked, the half message that it sent along. */
    readonly message: Message | MessageExt;
    /** The message's unique id. */
    readonly msgId: string;
    /** How the local transaction ended. */
    readonly state: 'COMMIT_MESSAGE' | 'ROLLBACK_MESSAGE' | 'UNKNOW';
    /** True where a broker asked. */
    readonly fromTransactionCheck: boolean;
}

/** Of `rocketwire:settle`: brokers are told what became of messages, by a call or by a client of its own accord. */
export declare interface SettleEvent extends DiagnosticsEvent {
    /** What they are told; the names are those of the calls, also where a push consumer tells it. */
    readonly operation: 'ack' | 'changeInvisibleDuration' | 'sendMessageBack' | 'commit' | 'endTransaction';
    /** Of a commit none: it is for queues. Of a transaction none: see there. */
    readonly messages: readonly MessageExt[];
    /** Of a commit the queues. */
    readonly messageQueues: readonly MessageQueue[];
    /** Of `endTransaction`. */
    readonly transaction?: SettledTransaction;
}

/** What was set up by `shutdownOnSignals`. */
export declare interface ShutdownOnSignals {
    /** Resolves with the signal when all is closed; never rejects. */
    readonly done: Promise<NodeJS.Signals>;
    /** Takes the handlers off again, unless a shutdown has begun. */
    release(): void;
    /** As `release`, for `using`. */
    [Symbol.dispose](): void;
}

/**
 * Shuts members down when the process is told to end: one after the other in the order given, so name consumers before the
 * producers that their listeners use. A second signal ends the process at once.
 *
 * @example
 * shutdownOnSignals([consumer, producer], { logger: console })
 * @throws RocketMQError INVALID_ARGUMENT
 */
export declare function shutdownOnSignals(members: readonly Closable[], options?: ShutdownOnSignalsOptions): ShutdownOnSignals;

/** How `shutdownOnSignals` works. */
export declare interface ShutdownOnSignalsOptions {
    /** Default SIGTERM and SIGINT. */
    readonly signals?: readonly NodeJS.Signals[];
    /** Limit for all of them together, ms; default 30000. */
    readonly timeoutMs?: number;
    /** Hears of the signal and of what did not finish; default `debug` under `rocketwire:shutdown`. */
    readonly logger?: Logger;
    /** False leaves it to the program to end itself; default true: it exits with 128 plus the number of the signal. */
    readonly exit?: boolean;
}

/** Where a new group of a simple consumer begins. */
export declare type SimpleConsumeFromWhere = Exclude<ConsumeFromWhere, 'CONSUME_FROM_TIMESTAMP'>;

/**
 * Receives messages when it is asked to and acknowledges each by itself (POP): there are no queues to share and no offsets
 * to commit, so any number of members may work on a topic with few queues. A received message is hidden from the others
 * until its invisible time is over; unless it is acknowledged by then it is delivered again. Brokers from 5.0.
 *
 * Calls that wait take `signal`, all but `receive` also `timeoutMs` (default 10000), and reject with REQUEST_TIMEOUT,
 * ABORTED, CONNECT_FAILED, CHANNEL_CLOSED, BROKER_NOT_FOUND, a `BrokerError`, INVALID_ARGUMENT for wrong input, and
 * INVALID_STATE unless the consumer runs.
 *
 * @example
 * const consumer = new SimpleConsumer({ namesrvAddr: '127.0.0.1:9876', consumerGroup: 'billing', subscriptions: { Orders: '*' } })
 * await consumer.start()
 * for (const message of await consumer.receive({ maxMessages: 16, invisibleDurationMs: 15_000 })) {
 *   console.log(message.text())
 *   await consumer.ack(message)
 * }
 */
export declare class SimpleConsumer extends ReplyingConsumer<SimpleConsumerEvents> {
    #private;
    /** Name of the consumer group, without its namespace. */
    readonly consumerGroup: string;
    /** @throws RocketMQError INVALID_GROUP, INVALID_ARGUMENT, INVALID_TOPIC, INVALID_EXPRESSION, NO_NAME_SERVER */
    constructor(options: SimpleConsumerOptions);
    /**
     * Wants the messages of a topic, those of some tags, or those that a SQL92 condition is true of, as a push consumer does.
     * May be called while running, and again for a topic to change its expression.
     * @throws RocketMQError INVALID_TOPIC, INVALID_EXPRESSION
     */
    subscribe(topic: string, expression?: SubscriptionExpression): this;
    /** Wants the messages of a topic no more; what was received of it can still be acknowledged. */
    unsubscribe(topic: string): this;
    /**
     * Makes sure that the brokers know POP, and tells them of the group.
     * @throws RocketMQError UNSUPPORTED_BY_BROKER where one is older than 5.0; nothing is begun then
     * @throws RocketMQError NO_NAME_SERVER, START_TIMEOUT, INVALID_STATE, INVALID_EXPRESSION, ABORTED
     */
    start(options?: StartOptions): Promise<void>;
    /**
     * Messages of one topic and broker, as soon as there are any: topics and brokers take turns. Empty where none came within
     * `awaitDurationMs`. A call that is aborted takes nothing: what it would have got is given to others. Several calls may
     * wait at a time.
     * @throws RocketMQError TOPIC_NOT_FOUND; what kept all brokers from answering, as soon as waiting is of no use
     */
    receive(options?: ReceiveOptions): Promise<readonly MessageExt[]>;
    /**
     * Tells the brokers that messages are done: they never come again. What shares a broker goes in one request where the
     * broker (5.1.4 and later) takes that; it does not tell then whether some came too late.
     * @param messages as `receive` has returned them, or a `copy()` of that
     * @throws RocketMQError INVALID_RECEIPT for a message that was not received, or whose invisible time is over; for several
     * messages an `AckError` that tells of each that failed
     */
    ack(messages: MessageExt | readonly MessageExt[], options?: CallOptions): Promise<void>;
    /**
     * Hides a received message for another `invisibleDurationMs` from now, 1000 to 43200000: to have more time, or to see it
     * again sooner or later than planned. The message takes the new receipt handle, which a `copy()` made before does not have.
     * @returns the new receipt handle
     * @throws RocketMQError INVALID_RECEIPT for a message that was not received, is acknowledged, or whose time is over
     */
    changeInvisibleDuration(message: MessageExt, invisibleDurationMs: number, options?: CallOptions): Promise<string>;
    /** What it is doing at the moment. */
    stats(): SimpleConsumerStats;
    /**
     * Ends calls of `receive`, waits for acknowledgements under way, tells the brokers and closes connections that nobody else
     * uses. Messages that were received and not acknowledged come again when their invisible time is over.
     * @param options `timeoutMs`: limit of the wait, default 30000; to close what is left
     * takes 3 s more at the most, where brokers do not answer
     * @throws RocketMQError SHUTDOWN_INCOMPLETE where requests were still under way at the end of it; all is closed then, too
     * @throws RocketMQError INVALID_ARGUMENT for a wrong `timeoutMs`; nothing is shut down then
     */
    shutdown(options?: {
        timeoutMs?: number;
    }): Promise<void>;
}

/** Events of a simple consumer. */
export declare interface SimpleConsumerEvents {
    /** Something failed that no call tells: a broker that could not be asked while others could, a message that cannot be read. */
    backgroundError: [error: RocketMQError];
}

/** Options of a simple consumer. */
export declare interface SimpleConsumerOptions extends ClientOptions {
    /** Name of the group; its members share the messages and must subscribe to the same. */
    readonly consumerGroup: string;
    /** Topics and what is wanted of them, as for `subscribe`. */
    readonly subscriptions?: Readonly<Record<string, SubscriptionExpression>>;
    /** How long `receive` waits for a message, ms, 0 to 2147483647; default 30000. */
    readonly awaitDurationMs?: number;
    /** For how long nobody else sees a received message, ms, 1000 to 43200000; default 15000. */
    readonly invisibleDurationMs?: number;
    /** Where a group begins that is new; default CONSUME_FROM_LAST_OFFSET. */
    readonly consumeFromWhere?: SimpleConsumeFromWhere;
    /** Drop messages that were popped before `receive` returns them, and acknowledge them; see `MessageFilter`. */
    readonly messageFilters?: readonly MessageFilter[];
}

/** A snapshot of what a simple consumer has done. */
export declare interface SimpleConsumerStats {
    /** Where in its life it is, from `created` to `stopped` or `failed`. */
    readonly state: LifecycleState;
    /** The topics that it subscribes to. */
    readonly topics: readonly string[];
    /** Calls of `receive` under way. */
    readonly receiving: number;
    /** Messages that were received and acknowledged since the start. */
    readonly received: number;
    /** Messages that were acknowledged since the start. */
    readonly acknowledged: number;
}

/** How long a start may take, and what to do while no name server answers. */
export declare interface StartOptions {
    /** Limit of the whole start, ms; default 10000. What had been taken is given back within a second more. */
    readonly timeoutMs?: number;
    /** Ends the start with ABORTED; what was begun is undone. */
    readonly signal?: AbortSignal;
    /** Keep trying until the time is up where no name server can be reached; default is to fail at once. */
    readonly waitForNameServer?: boolean;
}

/** A listener has ended. */
export declare interface SubAfterTrace extends TraceOfMessage {
    /** Tells the kinds of trace apart, as RocketMQ names them. */
    readonly type: 'SubAfter';
    /** The same in the trace of its beginning. */
    readonly requestId: string;
    /** How long the call took, ms, divided by its messages. */
    readonly costMs: number;
    /** Whether the listener handled the message. */
    readonly success: boolean;
    /** How the call of the listener ended. */
    readonly outcome: TraceConsumeOutcome;
    /** Undefined where an old client wrote the trace, or one of the cloud. */
    readonly timestamp: number | undefined;
    /** The consumer group; undefined where an old client wrote the trace. */
    readonly group: string | undefined;
}

/** A listener is about to get a message. */
export declare interface SubBeforeTrace extends TraceOfClient {
    /** Tells the kinds of trace apart, as RocketMQ names them. */
    readonly type: 'SubBefore';
    /** The same in the trace of its end. */
    readonly requestId: string;
    /** Failures of the message before. */
    readonly retryTimes: number;
    /** Address of the consumer, where its client writes that. */
    readonly clientHost?: string;
}

/** What a group wants of one topic, as it travels in heartbeats (Java `SubscriptionData`). */
export declare interface SubscriptionData {
    /** The topic. */
    readonly topic: string;
    /** The expression, as brokers get it. */
    readonly subString: string;
    /** Tags wanted; empty means all. */
    readonly tagsSet: readonly string[];
    /** Java hash codes of the tags. */
    readonly codeSet: readonly number[];
    /** Version of the subscription, ms; brokers keep the newest. */
    readonly subVersion: number;
    /** An `ExpressionType`; of other clients perhaps a type that we do not know. */
    readonly expressionType: string;
    /** `subString` names a class of a filter server, which none has today. */
    readonly classFilterMode: boolean;
    /** Source of that class, where a client has sent it. */
    readonly filterClassSource?: string;
}

/** What `subscribe` takes: an expression of tags, a SQL92 condition, or a selector of either. */
export declare type SubscriptionExpression = string | {
    readonly sql92: string;
} | MessageSelector;

/** A timer that can be called off. */
export declare interface Timer {
    /** The callback is not called any more. */
    cancel(): void;
}

/** What messages a topic is for, as brokers from 5.0 keep it (attribute `message.type`). */
export declare type TopicMessageType = 'UNSPECIFIED' | 'NORMAL' | 'FIFO' | 'DELAY' | 'TRANSACTION' | 'PRIORITY' | 'LITE' | 'MIXED';

/** Range of a queue (Java `TopicOffset`). */
export declare interface TopicOffset {
    /** The oldest offset that is stored. */
    readonly minOffset: number;
    /** The offset that the next message will get. */
    readonly maxOffset: number;
    /** Store time of the last message, ms; 0 where there is none. */
    readonly lastUpdateTimestamp: number;
}

/** The messages that one queue of a topic holds. */
export declare interface TopicQueueStats extends TopicOffset {
    /** The queue. */
    readonly queue: MessageQueue;
}

/** Where a topic lives (Java `TopicRouteData`). */
export declare interface TopicRoute {
    /** `broker-a:4;broker-b:4` for topics with a fixed order of queues. */
    readonly orderTopicConf?: string;
    /** Its queues, by broker. */
    readonly queueDatas: readonly QueueData[];
    /** Addresses of its brokers. */
    readonly brokerDatas: readonly BrokerData[];
    /** For static topics, whose queues are the same wherever they are hosted. */
    readonly logicalQueues?: LogicalQueues;
}

/** A topic as it shall be. A topic that exists is changed to it; more queues can be added and taken away, messages stay. */
export declare interface TopicSettings extends BrokerScope, CallOptions {
    /** Name of the topic. */
    readonly topic: string;
    /** Queues that consumers read, on each broker; default 8. */
    readonly readQueueNums?: number;
    /** Queues that producers write, on each broker; default 8. */
    readonly writeQueueNums?: number;
    /** Permission: a sum of 4 (read), 2 (write) and 1 (inherit), or its letters; default `'RW'`. */
    readonly perm?: number | 'RW' | 'R' | 'W';
    /**
     * True fixes the order of the queues at the name servers (`ORDER_TOPIC_CONFIG`), so that it does not change while a
     * broker is away; false takes that back; default is to leave it there as it is. Name servers tell clients of it only
     * with `orderMessageEnable`.
     */
    readonly order?: boolean;
    /** Default is to leave it as it is. Brokers before 5.0 do not know it: UNSUPPORTED_BY_BROKER. */
    readonly messageType?: TopicMessageType;
}

/** One line of the story of a message, as RocketMQ's own clients write it. */
export declare type Trace = PubTrace | SubBeforeTrace | SubAfterTrace | EndTransactionTrace | RecallTrace;

/** How consumption ended, at the ordinals by which traces name it (Java `ConsumeReturnType`). */
declare const TRACE_CONSUME_OUTCOMES: readonly ["SUCCESS", "TIME_OUT", "EXCEPTION", "RETURNNULL", "FAILED"];

/** Kinds of message, at the ordinals by which traces name them. */
declare const TRACE_MESSAGE_TYPES: readonly ["Normal_Msg", "Trans_Msg_Half", "Trans_msg_Commit", "Delay_Msg", "Order_Msg"];

/** How consumption ended. */
export declare type TraceConsumeOutcome = (typeof TRACE_CONSUME_OUTCOMES)[number];

/** What kind of message was sent. */
export declare type TraceMessageType = (typeof TRACE_MESSAGE_TYPES)[number];

declare interface TraceOfClient extends TraceOfMessage {
    /** When, ms since 1970. */
    readonly timestamp: number;
    /** Region of the broker; `DefaultRegion` where it tells none. */
    readonly regionId: string;
    /** The producer or consumer group. */
    readonly group: string;
}

declare interface TraceOfMessage {
    /** Unique id of the message. */
    readonly msgId: string;
    /** Its keys, joined by spaces; undefined without any. */
    readonly keys: string | undefined;
}

/** Where traces go. */
export declare interface TraceOptions {
    /** A topic of your own; default RMQ_SYS_TRACE_TOPIC, which brokers have with `traceTopicEnable=true` (Java `customizedTraceTopic`). */
    readonly topic?: string;
}

/** Bounds of a query for the traces of a message. */
export declare interface TraceQuery extends KeyQuery {
    /** Where they are; default RMQ_SYS_TRACE_TOPIC. */
    readonly topic?: string;
}

/** What has become of traces. */
export declare interface TraceStats {
    /** Topic that the traces are written to. */
    readonly topic: string;
    /** Accepted by a broker. */
    readonly written: number;
    /** Given up, as too many waited already. */
    readonly dropped: number;
    /** Given up, as no broker accepted them. */
    readonly failed: number;
    /** Not sent yet. */
    readonly waiting: number;
}

/** What a local transaction is told besides its message. */
export declare interface TransactionContext {
    /** The message's unique id, the same in every check: write it down together with what the transaction changes. */
    readonly transactionId: string;
    /** The broker's answer to the half message. */
    readonly sendResult: SendResult;
}

/** The two sides of a transaction. Whatever one throws, or returns besides a state, stands for `UNKNOW`. */
export declare interface TransactionListener<S extends LocalTransactionState = LocalTransactionState> {
    /** Does the local transaction; called once the broker has the half message, which no consumer sees yet. */
    executeLocalTransaction(message: Message, arg: unknown, context: TransactionContext): S | Promise<S>;
    /**
     * Tells what became of a local transaction whose end the broker has not heard of. Brokers ask any producer of the group,
     * so each must be able to tell of the transactions of all. The message is a view over its frame: keep `copy()`.
     */
    checkLocalTransaction(message: MessageExt): S | Promise<S>;
}

/**
 * Sends messages that consumers see only if a local transaction is committed: the broker keeps a half message until it
 * hears of the end, and asks any producer of the group where it does not.
 *
 * @example
 * const producer = new TransactionProducer({
 *   namesrvAddr: '127.0.0.1:9876',
 *   producerGroup: 'orders',
 *   transactionListener: {
 *     executeLocalTransaction: async (message, arg, { transactionId }) => 'COMMIT_MESSAGE',
 *     checkLocalTransaction: async message => 'UNKNOW',
 *   },
 * })
 * await producer.start()
 * const result = await producer.sendInTransaction({ topic: 'Orders', body: 'hello' })
 */
export declare class TransactionProducer<const S extends LocalTransactionState = LocalTransactionState> extends Producer {
    #private;
    /** @throws RocketMQError INVALID_GROUP, INVALID_ARGUMENT, NO_NAME_SERVER */
    constructor(options: TransactionProducerOptions<S>);
    /**
     * Sends a half message, does the local transaction, and tells the broker how it ended. Where the half message was stored
     * with another status than `SEND_OK` the transaction is not done and the message is rolled back. What the listener
     * throws makes the state `UNKNOW`; neither that nor an end that cannot be told makes the call reject, see the result.
     * @param arg handed to `executeLocalTransaction`
     * @throws RocketMQError INVALID_MESSAGE for a batch or a message with a delay; and as `send`, where the half message is
     * not acknowledged: the local transaction was not done then
     */
    sendInTransaction(message: Message, arg?: unknown, options?: TransactionSendOptions): Promise<TransactionSendResult>;
    /** What it is doing at the moment. */
    stats(): TransactionProducerStats;
}

/** Options of a producer of transactions, besides those of a producer. */
export declare interface TransactionProducerOptions<S extends LocalTransactionState = LocalTransactionState> extends ProducerOptions {
    /** Does local transactions, and tells brokers what became of them. */
    readonly transactionListener: TransactionListener<S>;
    /** Wait for the broker's answer to the end of a transaction, which it otherwise gets oneway, as in Java; default false. */
    readonly confirmEnd?: boolean;
    /** Checks that the listener answers at a time; default 16 (Java `checkThreadPoolMaxSize`, 1). */
    readonly checkConcurrency?: number;
    /** Checks that may wait for their turn; further ones are dropped, and asked again. Default 2000. */
    readonly checkRequestHoldMax?: number;
    /** Run around the telling of every end, the first one outermost (Java `EndTransactionHook`). None means no step at all. */
    readonly endTransactionInterceptors?: readonly EndTransactionInterceptor[];
}

/** A snapshot of what a producer of transactions is doing. */
export declare interface TransactionProducerStats extends ProducerStats {
    /** Transactions whose end the broker was not told yet. */
    readonly openTransactions: number;
    /** Checks that the listener is answering, and those that wait for their turn. */
    readonly checksRunning: number;
    /** Checks that wait for their turn. */
    readonly checksWaiting: number;
    /** Checks that were dropped, as too many waited. */
    readonly checksDropped: number;
}

/** What can be said of one send in a transaction. */
export declare interface TransactionSendOptions extends SendOptions {
    /**
     * Whole seconds in which the broker does not ask about the transaction (RocketMQ `CHECK_IMMUNITY_TIME_IN_SECONDS`);
     * default: the broker's `transactionTimeOut`. Brokers of 5.x refuse an end that is told after both times, and ask.
     */
    readonly checkImmunityTimeInSeconds?: number;
}

/** The broker's answer to the half message, and how the transaction ended. */
export declare interface TransactionSendResult extends SendResult {
    /** How the local transaction ended. */
    readonly localTransactionState: LocalTransactionState;
    /** What `executeLocalTransaction` threw. */
    readonly localError?: Error;
    /** Why the broker could not be told of the end, or refused it: it will ask. */
    readonly endError?: Error;
}

/** Bounds of a query by unique key. */
export declare interface UniqueKeyQuery extends CallOptions {
    /** Messages stored from here on, ms since 1970 or a Date; default three days ago. */
    readonly begin?: number | Date;
    /** Messages stored up to here; default no bound. */
    readonly end?: number | Date;
}

export { }
