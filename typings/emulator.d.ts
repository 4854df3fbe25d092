import type { TlsOptions } from 'node:tls';

/** Asks for the queues of a topic that a member of a group is to consume (Java `QueryAssignmentRequestBody`). */
declare interface AssignmentQuestion {
    readonly topic: string;
    readonly consumerGroup: string;
    readonly clientId: string;
    /** Name of an allocation strategy of the broker's own, such as `AVG`. */
    readonly strategyName?: string | undefined;
    readonly messageModel: MessageModel;
}

/** An answer of any code, such as `{ code: 'SYSTEM_BUSY', remark: 'try later' }`. */
export declare interface BareReply {
    /** RocketMQ's name of the response code. */
    readonly code: ResponseCode;
    /** Words for the one who asked. */
    readonly remark?: string;
}

/** Acknowledged messages of one pop of one queue (Java `BatchAck`). */
declare interface BatchAck {
    readonly consumerGroup: string;
    /** The topic that was popped, never its retry topic. */
    readonly topic: string;
    /** A `RetryFlag`; whatever a stranger wrote is kept. */
    readonly retry: RetryFlag | (string & {});
    readonly startOffset: number;
    readonly queueId: number;
    readonly reviveQueueId: number;
    readonly popTime: number;
    readonly invisibleTime: number;
    /** Bit `i` stands for offset `startOffset + i`: bit `i % 8` of byte `i >> 3`. */
    readonly bitSet: Buffer;
}

/** Acknowledgements for one broker (Java `BatchAckMessageRequestBody`). */
declare interface BatchAcks {
    readonly brokerName?: string | undefined;
    readonly acks: readonly BatchAck[];
}

/** How a body travels. */
declare interface BodyCodec<T> {
    encode(value: T): Uint8Array;
    decode(body: Buffer): T;
}

/** Addresses of one broker name (Java `BrokerData`). */
declare interface BrokerData {
    /** Name of the cluster that it belongs to. */
    readonly cluster: string;
    /** Name that a master and its slaves share. */
    readonly brokerName: string;
    /** Broker id to `host:port`; id 0 is the master, others are slaves. */
    readonly brokerAddrs: ReadonlyMap<number, string>;
    /** Name of the zone that it stands in, where the broker tells one. */
    readonly zoneName?: string;
}

/** A broker as a name server answers it. */
declare type BrokerDataReply = BrokerData & BrokerFacts;

/** What name servers tell of a broker that is no concern of clients. */
declare interface BrokerFacts {
    /** 5.x: whether a slave may do some of the work of a master that is gone. */
    readonly enableActingMaster?: boolean;
}

/** What a broker tells of itself, figures and words by name. */
declare interface BrokerRuntimeInfo {
    readonly table: ReadonlyMap<string, string>;
}

/** open --drain--> draining --nothing pending--> closed; open and draining --error or close--> closed */
export declare type ChannelState = 'open' | 'draining' | 'closed';

/** A subscription that a broker is asked about before anyone relies on it (Java `CheckClientRequestBody`). */
declare interface ClientConfigCheck {
    readonly clientId?: string | undefined;
    readonly group?: string | undefined;
    readonly namespace?: string | undefined;
    readonly subscriptionData?: SubscriptionData | undefined;
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

/** All brokers by name, and the names by cluster. */
declare interface ClusterInfo {
    /** Brokers by name. */
    readonly brokerAddrTable: ReadonlyMap<string, BrokerData>;
    /** Names of brokers by cluster. */
    readonly clusterAddrTable: ReadonlyMap<string, readonly string[]>;
}

/** Java `CMResult`; listeners of this library give all but CR_RETURN_NULL. */
declare type CMResult = 'CR_SUCCESS' | 'CR_LATER' | 'CR_ROLLBACK' | 'CR_COMMIT' | 'CR_THROW_EXCEPTION' | 'CR_RETURN_NULL';

/** A request of the protocol: everything about it is derived from its row. */
declare interface Command<Q extends Schema = Schema, QB = unknown, R extends Schema = Schema, RB = unknown, A extends ResponseCode = ResponseCode, E extends ResponseCode = ResponseCode, P extends Peer = Peer> {
    readonly name: string;
    readonly code: number;
    readonly peer: P;
    readonly since: string | undefined;
    readonly headerType: 'JSON' | undefined;
    readonly passedOn: boolean;
    readonly requestHeader: HeaderCodec<Q>;
    readonly requestBody: BodyCodec<QB> | undefined;
    readonly hasResponse: boolean;
    readonly responseHeader: HeaderCodec<R>;
    readonly responseBody: BodyCodec<RB> | undefined;
    readonly answers: ReadonlySet<string>;
    readonly bare: ReadonlySet<string>;
    readonly schemas: {
        readonly request: Q;
        readonly response: R;
    };
    /** Never present; carries the types of the codes. */
    readonly types?: {
        readonly answer: A;
        readonly bare: E;
    };
}

/** RocketMQ's name of a command, such as `PULL_MESSAGE`. */
export declare type CommandName = keyof Commands;

/** THE TABLE: every request that the library speaks, by its RocketMQ name. */
declare const COMMANDS: {
    readonly ACK_MESSAGE: Command<    {
    readonly bname: Field<string, true>;
    readonly extraInfo: Field<string, false>;
    readonly offset: Field<number, false>;
    readonly liteTopic: Field<string, true>;
    readonly consumerGroup: Field<string, false>;
    readonly topic: Field<string, false>;
    readonly queueId: Field<number, false>;
    }, undefined, Record<never, never>, undefined, "SUCCESS", never, "broker">;
    readonly BATCH_ACK_MESSAGE: Command<Record<never, never>, BatchAcks, Record<never, never>, undefined, "SUCCESS", never, "broker">;
    readonly CHANGE_MESSAGE_INVISIBLETIME: Command<    {
    readonly bname: Field<string, true>;
    readonly extraInfo: Field<string, false>;
    readonly offset: Field<number, false>;
    readonly invisibleTime: Field<number, false>;
    readonly liteTopic: Field<string, true>;
    readonly suspend: Field<boolean, true>;
    readonly consumerGroup: Field<string, false>;
    readonly topic: Field<string, false>;
    readonly queueId: Field<number, false>;
    }, undefined, {
    readonly popTime: Field<number, false>;
    readonly invisibleTime: Field<number, false>;
    readonly reviveQid: Field<number, false>;
    }, undefined, "SUCCESS", never, "broker">;
    readonly CHECK_CLIENT_CONFIG: Command<Record<never, never>, ClientConfigCheck, Record<never, never>, undefined, "SUCCESS", never, "broker">;
    readonly CHECK_TRANSACTION_STATE: Command<    {
    readonly bname: Field<string, true>;
    readonly topic: Field<string, true>;
    readonly tranStateTableOffset: Field<number, false>;
    readonly commitLogOffset: Field<number, false>;
    readonly msgId: Field<string, true>;
    readonly transactionId: Field<string, true>;
    readonly offsetMsgId: Field<string, true>;
    }, Uint8Array<ArrayBufferLike>, Record<never, never>, undefined, "SUCCESS", never, "client">;
    readonly CONSUMER_SEND_MSG_BACK: Command<    {
    readonly bname: Field<string, true>;
    readonly offset: Field<number, false>;
    readonly group: Field<string, false>;
    readonly delayLevel: Field<number, false>;
    readonly originMsgId: Field<string, true>;
    readonly originTopic: Field<string, true>;
    readonly unitMode: Field<boolean, true>;
    readonly maxReconsumeTimes: Field<number, true>;
    }, undefined, Record<never, never>, undefined, "SUCCESS", never, "broker">;
    readonly CONSUME_MESSAGE_DIRECTLY: Command<    {
    readonly consumerGroup: Field<string, false>;
    readonly clientId: Field<string, true>;
    readonly msgId: Field<string, true>;
    readonly brokerName: Field<string, true>;
    readonly topic: Field<string, true>;
    readonly topicSysFlag: Field<number, true>;
    readonly groupSysFlag: Field<number, true>;
    }, Uint8Array<ArrayBufferLike>, Record<never, never>, ConsumeMessageDirectlyResult, "SUCCESS", never, "broker">;
    readonly DELETE_KV_CONFIG: Command<    {
    readonly namespace: Field<string, false>;
    readonly key: Field<string, false>;
    }, undefined, Record<never, never>, undefined, "SUCCESS", never, "namesrv">;
    readonly DELETE_SUBSCRIPTIONGROUP: Command<    {
    readonly groupName: Field<string, false>;
    readonly cleanOffset: Field<boolean, true>;
    readonly removeOffset: Field<boolean, true>;
    }, undefined, Record<never, never>, undefined, "SUCCESS", never, "broker">;
    readonly DELETE_TOPIC_IN_BROKER: Command<    {
    readonly topic: Field<string, false>;
    }, undefined, Record<never, never>, undefined, "SUCCESS", never, "broker">;
    readonly DELETE_TOPIC_IN_NAMESRV: Command<    {
    readonly topic: Field<string, false>;
    readonly clusterName: Field<string, true>;
    }, undefined, Record<never, never>, undefined, "SUCCESS", never, "namesrv">;
    readonly END_TRANSACTION: Command<    {
    readonly bname: Field<string, true>;
    readonly topic: Field<string, true>;
    readonly producerGroup: Field<string, false>;
    readonly tranStateTableOffset: Field<number, false>;
    readonly commitLogOffset: Field<number, false>;
    readonly commitOrRollback: Field<number, false>;
    readonly fromTransactionCheck: Field<boolean, true>;
    readonly msgId: Field<string, false>;
    readonly transactionId: Field<string, true>;
    }, undefined, Record<never, never>, undefined, "SUCCESS", never, "broker">;
    readonly GET_ALL_TOPIC_LIST_FROM_NAMESERVER: Command<Record<never, never>, undefined, Record<never, never>, TopicList, "SUCCESS", never, "namesrv">;
    readonly GET_BROKER_CLUSTER_INFO: Command<Record<never, never>, undefined, Record<never, never>, ClusterInfo, "SUCCESS", never, "namesrv">;
    readonly GET_BROKER_RUNTIME_INFO: Command<Record<never, never>, undefined, Record<never, never>, BrokerRuntimeInfo, "SUCCESS", never, "broker">;
    readonly GET_CONSUMER_CONNECTION_LIST: Command<    {
    readonly consumerGroup: Field<string, false>;
    }, undefined, Record<never, never>, ConsumerConnection, "SUCCESS", "CONSUMER_NOT_ONLINE", "broker">;
    readonly GET_CONSUMER_LIST_BY_GROUP: Command<    {
    readonly consumerGroup: Field<string, false>;
    }, undefined, Record<never, never>, {
    consumerIdList: string[];
    }, "SUCCESS", never, "broker">;
    readonly GET_CONSUMER_RUNNING_INFO: Command<    {
    readonly consumerGroup: Field<string, false>;
    readonly clientId: Field<string, false>;
    readonly jstackEnable: Field<boolean, true>;
    }, undefined, Record<never, never>, ConsumerRunningInfo, "SUCCESS", never, "broker">;
    readonly GET_CONSUMER_STATUS_FROM_CLIENT: Command<    {
    readonly topic: Field<string, false>;
    readonly group: Field<string, false>;
    }, undefined, Record<never, never>, QueueTable, "SUCCESS", never, "client">;
    readonly GET_CONSUME_STATS: Command<    {
    readonly bname: Field<string, true>;
    readonly consumerGroup: Field<string, false>;
    readonly topic: Field<string, true>;
    }, undefined, Record<never, never>, ConsumeStats, "SUCCESS", never, "broker">;
    readonly GET_KV_CONFIG: Command<    {
    readonly namespace: Field<string, false>;
    readonly key: Field<string, false>;
    }, undefined, {
    readonly value: Field<string, true>;
    }, undefined, "SUCCESS", "QUERY_NOT_FOUND", "namesrv">;
    readonly GET_MAX_OFFSET: Command<    {
    readonly bname: Field<string, true>;
    readonly committed: Field<boolean, true>;
    readonly topic: Field<string, false>;
    readonly queueId: Field<number, false>;
    }, undefined, {
    readonly offset: Field<number, false>;
    }, undefined, "SUCCESS", never, "broker">;
    readonly GET_MIN_OFFSET: Command<    {
    readonly bname: Field<string, true>;
    readonly topic: Field<string, false>;
    readonly queueId: Field<number, false>;
    }, undefined, {
    readonly offset: Field<number, false>;
    }, undefined, "SUCCESS", never, "broker">;
    readonly GET_PRODUCER_CONNECTION_LIST: Command<    {
    readonly producerGroup: Field<string, false>;
    }, undefined, Record<never, never>, {
    connectionSet: Connection[];
    }, "SUCCESS", never, "broker">;
    readonly GET_ROUTEINFO_BY_TOPIC: Command<    {
    readonly topic: Field<string, false>;
    readonly acceptStandardJsonOnly: Field<boolean, true>;
    }, undefined, Record<never, never>, TopicRouteReply, "SUCCESS", "TOPIC_NOT_EXIST", "namesrv">;
    readonly GET_TOPIC_CONFIG: Command<    {
    readonly bname: Field<string, true>;
    readonly topic: Field<string, false>;
    }, undefined, Record<never, never>, TopicSettings, "SUCCESS", never, "broker">;
    readonly GET_TOPIC_STATS_INFO: Command<    {
    readonly bname: Field<string, true>;
    readonly topic: Field<string, false>;
    }, undefined, Record<never, never>, TopicStats, "SUCCESS", never, "broker">;
    readonly HEART_BEAT: Command<Record<never, never>, HeartbeatData, {
    readonly IS_SUPPORT_HEART_BEAT_V2: Field<boolean, true>;
    readonly IS_SUB_CHANGE: Field<boolean, true>;
    }, undefined, "SUCCESS", never, "broker">;
    readonly INVOKE_BROKER_TO_GET_CONSUMER_STATUS: Command<    {
    readonly topic: Field<string, false>;
    readonly group: Field<string, false>;
    readonly clientAddr: Field<string, true>;
    }, undefined, Record<never, never>, ConsumerStatusTable, "SUCCESS", never, "broker">;
    readonly INVOKE_BROKER_TO_RESET_OFFSET: Command<    {
    readonly bname: Field<string, true>;
    readonly topic: Field<string, false>;
    readonly group: Field<string, false>;
    readonly timestamp: Field<number, false>;
    readonly isForce: Field<boolean, false>;
    readonly queueId: Field<number, true>;
    readonly offset: Field<number, true>;
    }, undefined, Record<never, never>, QueueOffsetTable, "SUCCESS", "CONSUMER_NOT_ONLINE", "broker">;
    readonly LITE_PULL_MESSAGE: Command<    {
    readonly bname: Field<string, true>;
    readonly consumerGroup: Field<string, false>;
    readonly topic: Field<string, false>;
    readonly queueId: Field<number, false>;
    readonly queueOffset: Field<number, false>;
    readonly maxMsgNums: Field<number, false>;
    readonly sysFlag: Field<number, false>;
    readonly commitOffset: Field<number, false>;
    readonly suspendTimeoutMillis: Field<number, false>;
    readonly subscription: Field<string, true>;
    readonly subVersion: Field<number, false>;
    readonly expressionType: Field<string, true>;
    readonly maxMsgBytes: Field<number, true>;
    }, undefined, {
    readonly suggestWhichBrokerId: Field<number, false>;
    readonly nextBeginOffset: Field<number, false>;
    readonly minOffset: Field<number, false>;
    readonly maxOffset: Field<number, false>;
    readonly offsetDelta: Field<number, true>;
    readonly topicSysFlag: Field<number, true>;
    readonly groupSysFlag: Field<number, true>;
    readonly forbiddenType: Field<number, true>;
    }, Uint8Array<ArrayBufferLike>, "PULL_NOT_FOUND" | "PULL_OFFSET_MOVED" | "PULL_RETRY_IMMEDIATELY" | "SUCCESS", never, "broker">;
    readonly LOCK_BATCH_MQ: Command<Record<never, never>, LockBatch, Record<never, never>, {
    lockOKMQSet: MessageQueue[];
    }, "SUCCESS", never, "broker">;
    readonly NOTIFICATION: Command<    {
    readonly bname: Field<string, true>;
    readonly pollTime: Field<number, false>;
    readonly bornTime: Field<number, false>;
    readonly order: Field<boolean, true>;
    readonly attemptId: Field<string, true>;
    readonly expType: Field<string, true>;
    readonly exp: Field<string, true>;
    readonly consumerGroup: Field<string, false>;
    readonly topic: Field<string, false>;
    readonly queueId: Field<number, false>;
    }, undefined, {
    readonly hasMsg: Field<boolean, false>;
    readonly pollingFull: Field<boolean, true>;
    }, undefined, "SUCCESS", never, "broker">;
    readonly NOTIFY_CONSUMER_IDS_CHANGED: Command<    {
    readonly consumerGroup: Field<string, false>;
    }, undefined, Record<never, never>, undefined, "SUCCESS", never, "client">;
    readonly POP_MESSAGE: Command<    {
    readonly bname: Field<string, true>;
    readonly maxMsgNums: Field<number, false>;
    readonly invisibleTime: Field<number, false>;
    readonly pollTime: Field<number, false>;
    readonly bornTime: Field<number, false>;
    readonly initMode: Field<number, false>;
    readonly expType: Field<string, true>;
    readonly exp: Field<string, true>;
    readonly order: Field<boolean, true>;
    readonly attemptId: Field<string, true>;
    readonly consumerGroup: Field<string, false>;
    readonly topic: Field<string, false>;
    readonly queueId: Field<number, false>;
    }, undefined, {
    readonly popTime: Field<number, false>;
    readonly invisibleTime: Field<number, false>;
    readonly reviveQid: Field<number, false>;
    readonly restNum: Field<number, false>;
    readonly startOffsetInfo: Field<string, true>;
    readonly msgOffsetInfo: Field<string, true>;
    readonly orderCountInfo: Field<string, true>;
    }, Uint8Array<ArrayBufferLike>, "POLLING_FULL" | "POLLING_TIMEOUT" | "PULL_NOT_FOUND" | "SUCCESS", never, "broker">;
    readonly PULL_MESSAGE: Command<    {
    readonly bname: Field<string, true>;
    readonly consumerGroup: Field<string, false>;
    readonly topic: Field<string, false>;
    readonly queueId: Field<number, false>;
    readonly queueOffset: Field<number, false>;
    readonly maxMsgNums: Field<number, false>;
    readonly sysFlag: Field<number, false>;
    readonly commitOffset: Field<number, false>;
    readonly suspendTimeoutMillis: Field<number, false>;
    readonly subscription: Field<string, true>;
    readonly subVersion: Field<number, false>;
    readonly expressionType: Field<string, true>;
    readonly maxMsgBytes: Field<number, true>;
    }, undefined, {
    readonly suggestWhichBrokerId: Field<number, false>;
    readonly nextBeginOffset: Field<number, false>;
    readonly minOffset: Field<number, false>;
    readonly maxOffset: Field<number, false>;
    readonly offsetDelta: Field<number, true>;
    readonly topicSysFlag: Field<number, true>;
    readonly groupSysFlag: Field<number, true>;
    readonly forbiddenType: Field<number, true>;
    }, Uint8Array<ArrayBufferLike>, "PULL_NOT_FOUND" | "PULL_OFFSET_MOVED" | "PULL_RETRY_IMMEDIATELY" | "SUCCESS", never, "broker">;
    readonly PUSH_REPLY_MESSAGE_TO_CLIENT: Command<    {
    readonly bornHost: Field<string, false>;
    readonly storeHost: Field<string, false>;
    readonly storeTimestamp: Field<number, false>;
    readonly producerGroup: Field<string, false>;
    readonly topic: Field<string, false>;
    readonly defaultTopic: Field<string, false>;
    readonly defaultTopicQueueNums: Field<number, false>;
    readonly queueId: Field<number, false>;
    readonly sysFlag: Field<number, false>;
    readonly bornTimestamp: Field<number, false>;
    readonly flag: Field<number, false>;
    readonly properties: Field<string, true>;
    readonly reconsumeTimes: Field<number, true>;
    readonly unitMode: Field<boolean, true>;
    }, Uint8Array<ArrayBufferLike>, Record<never, never>, undefined, "SUCCESS", never, "client">;
    readonly PUT_KV_CONFIG: Command<    {
    readonly namespace: Field<string, false>;
    readonly key: Field<string, false>;
    readonly value: Field<string, false>;
    }, undefined, Record<never, never>, undefined, "SUCCESS", never, "namesrv">;
    readonly QUERY_ASSIGNMENT: Command<Record<never, never>, AssignmentQuestion, Record<never, never>, QueueAssignments, "SUCCESS", never, "broker">;
    readonly QUERY_CONSUMER_OFFSET: Command<    {
    readonly bname: Field<string, true>;
    readonly setZeroIfNotFound: Field<boolean, true>;
    readonly topic: Field<string, false>;
    readonly queueId: Field<number, false>;
    readonly consumerGroup: Field<string, false>;
    }, undefined, {
    readonly offset: Field<number, false>;
    }, undefined, "SUCCESS", "QUERY_NOT_FOUND", "broker">;
    readonly QUERY_MESSAGE: Command<    {
    readonly bname: Field<string, true>;
    readonly topic: Field<string, false>;
    readonly key: Field<string, false>;
    readonly maxNum: Field<number, false>;
    readonly beginTimestamp: Field<number, false>;
    readonly endTimestamp: Field<number, false>;
    readonly _UNIQUE_KEY_QUERY: Field<boolean, true>;
    readonly indexType: Field<string, true>;
    }, undefined, {
    readonly indexLastUpdateTimestamp: Field<number, false>;
    readonly indexLastUpdatePhyoffset: Field<number, false>;
    }, Uint8Array<ArrayBufferLike>, "SUCCESS", "QUERY_NOT_FOUND", "broker">;
    readonly QUERY_TOPIC_CONSUME_BY_WHO: Command<    {
    readonly topic: Field<string, false>;
    }, undefined, Record<never, never>, {
    readonly groupList: readonly string[];
    }, "SUCCESS", never, "broker">;
    readonly RECALL_MESSAGE: Command<    {
    readonly bname: Field<string, true>;
    readonly producerGroup: Field<string, true>;
    readonly topic: Field<string, false>;
    readonly recallHandle: Field<string, true>;
    }, undefined, {
    readonly msgId: Field<string, false>;
    readonly MSG_REGION: Field<string, true>;
    }, undefined, "SUCCESS", never, "broker">;
    readonly RESET_CONSUMER_CLIENT_OFFSET: Command<    {
    readonly topic: Field<string, false>;
    readonly group: Field<string, false>;
    readonly timestamp: Field<number, false>;
    readonly isForce: Field<boolean, true>;
    }, QueueOffsetTable, Record<never, never>, undefined, "SUCCESS", never, "client">;
    readonly SEARCH_OFFSET_BY_TIMESTAMP: Command<    {
    readonly bname: Field<string, true>;
    readonly timestamp: Field<number, false>;
    readonly boundaryType: Field<string, true>;
    readonly topic: Field<string, false>;
    readonly queueId: Field<number, false>;
    }, undefined, {
    readonly offset: Field<number, false>;
    }, undefined, "SUCCESS", never, "broker">;
    readonly SEND_BATCH_MESSAGE: Command<    {
    readonly brokerName: Field<string, true>;
    readonly batch: Field<boolean, true>;
    readonly maxReconsumeTimes: Field<number, true>;
    readonly producerGroup: Field<string, false>;
    readonly topic: Field<string, false>;
    readonly defaultTopic: Field<string, false>;
    readonly defaultTopicQueueNums: Field<number, false>;
    readonly queueId: Field<number, false>;
    readonly sysFlag: Field<number, false>;
    readonly bornTimestamp: Field<number, false>;
    readonly flag: Field<number, false>;
    readonly properties: Field<string, true>;
    readonly reconsumeTimes: Field<number, true>;
    readonly unitMode: Field<boolean, true>;
    }, Uint8Array<ArrayBufferLike>, {
    readonly msgId: Field<string, false>;
    readonly queueId: Field<number, false>;
    readonly queueOffset: Field<number, false>;
    readonly transactionId: Field<string, true>;
    readonly batchUniqId: Field<string, true>;
    readonly recallHandle: Field<string, true>;
    readonly MSG_REGION: Field<string, true>;
    readonly TRACE_ON: Field<string, true>;
    }, undefined, "FLUSH_DISK_TIMEOUT" | "FLUSH_SLAVE_TIMEOUT" | "SLAVE_NOT_AVAILABLE" | "SUCCESS", never, "broker">;
    readonly SEND_MESSAGE: Command<    {
    readonly bname: Field<string, true>;
    readonly batch: Field<boolean, true>;
    readonly maxReconsumeTimes: Field<number, true>;
    readonly producerGroup: Field<string, false>;
    readonly topic: Field<string, false>;
    readonly defaultTopic: Field<string, false>;
    readonly defaultTopicQueueNums: Field<number, false>;
    readonly queueId: Field<number, false>;
    readonly sysFlag: Field<number, false>;
    readonly bornTimestamp: Field<number, false>;
    readonly flag: Field<number, false>;
    readonly properties: Field<string, true>;
    readonly reconsumeTimes: Field<number, true>;
    readonly unitMode: Field<boolean, true>;
    }, Uint8Array<ArrayBufferLike>, {
    readonly msgId: Field<string, false>;
    readonly queueId: Field<number, false>;
    readonly queueOffset: Field<number, false>;
    readonly transactionId: Field<string, true>;
    readonly batchUniqId: Field<string, true>;
    readonly recallHandle: Field<string, true>;
    readonly MSG_REGION: Field<string, true>;
    readonly TRACE_ON: Field<string, true>;
    }, undefined, "FLUSH_DISK_TIMEOUT" | "FLUSH_SLAVE_TIMEOUT" | "SLAVE_NOT_AVAILABLE" | "SUCCESS", never, "broker">;
    readonly SEND_MESSAGE_V2: Command<    {
    readonly brokerName: Field<string, true>;
    readonly batch: Field<boolean, true>;
    readonly maxReconsumeTimes: Field<number, true>;
    readonly producerGroup: Field<string, false>;
    readonly topic: Field<string, false>;
    readonly defaultTopic: Field<string, false>;
    readonly defaultTopicQueueNums: Field<number, false>;
    readonly queueId: Field<number, false>;
    readonly sysFlag: Field<number, false>;
    readonly bornTimestamp: Field<number, false>;
    readonly flag: Field<number, false>;
    readonly properties: Field<string, true>;
    readonly reconsumeTimes: Field<number, true>;
    readonly unitMode: Field<boolean, true>;
    }, Uint8Array<ArrayBufferLike>, {
    readonly msgId: Field<string, false>;
    readonly queueId: Field<number, false>;
    readonly queueOffset: Field<number, false>;
    readonly transactionId: Field<string, true>;
    readonly batchUniqId: Field<string, true>;
    readonly recallHandle: Field<string, true>;
    readonly MSG_REGION: Field<string, true>;
    readonly TRACE_ON: Field<string, true>;
    }, undefined, "FLUSH_DISK_TIMEOUT" | "FLUSH_SLAVE_TIMEOUT" | "SLAVE_NOT_AVAILABLE" | "SUCCESS", never, "broker">;
    readonly SEND_REPLY_MESSAGE: Command<    {
    readonly bname: Field<string, true>;
    readonly batch: Field<boolean, true>;
    readonly maxReconsumeTimes: Field<number, true>;
    readonly producerGroup: Field<string, false>;
    readonly topic: Field<string, false>;
    readonly defaultTopic: Field<string, false>;
    readonly defaultTopicQueueNums: Field<number, false>;
    readonly queueId: Field<number, false>;
    readonly sysFlag: Field<number, false>;
    readonly bornTimestamp: Field<number, false>;
    readonly flag: Field<number, false>;
    readonly properties: Field<string, true>;
    readonly reconsumeTimes: Field<number, true>;
    readonly unitMode: Field<boolean, true>;
    }, Uint8Array<ArrayBufferLike>, {
    readonly msgId: Field<string, false>;
    readonly queueId: Field<number, false>;
    readonly queueOffset: Field<number, false>;
    readonly transactionId: Field<string, true>;
    readonly batchUniqId: Field<string, true>;
    readonly recallHandle: Field<string, true>;
    readonly MSG_REGION: Field<string, true>;
    readonly TRACE_ON: Field<string, true>;
    }, undefined, "FLUSH_DISK_TIMEOUT" | "FLUSH_SLAVE_TIMEOUT" | "SLAVE_NOT_AVAILABLE" | "SUCCESS", never, "broker">;
    readonly SEND_REPLY_MESSAGE_V2: Command<    {
    readonly brokerName: Field<string, true>;
    readonly batch: Field<boolean, true>;
    readonly maxReconsumeTimes: Field<number, true>;
    readonly producerGroup: Field<string, false>;
    readonly topic: Field<string, false>;
    readonly defaultTopic: Field<string, false>;
    readonly defaultTopicQueueNums: Field<number, false>;
    readonly queueId: Field<number, false>;
    readonly sysFlag: Field<number, false>;
    readonly bornTimestamp: Field<number, false>;
    readonly flag: Field<number, false>;
    readonly properties: Field<string, true>;
    readonly reconsumeTimes: Field<number, true>;
    readonly unitMode: Field<boolean, true>;
    }, Uint8Array<ArrayBufferLike>, {
    readonly msgId: Field<string, false>;
    readonly queueId: Field<number, false>;
    readonly queueOffset: Field<number, false>;
    readonly transactionId: Field<string, true>;
    readonly batchUniqId: Field<string, true>;
    readonly recallHandle: Field<string, true>;
    readonly MSG_REGION: Field<string, true>;
    readonly TRACE_ON: Field<string, true>;
    }, undefined, "FLUSH_DISK_TIMEOUT" | "FLUSH_SLAVE_TIMEOUT" | "SLAVE_NOT_AVAILABLE" | "SUCCESS", never, "broker">;
    readonly SET_MESSAGE_REQUEST_MODE: Command<Record<never, never>, RequestModeChange, Record<never, never>, undefined, "SUCCESS", never, "broker">;
    readonly UNLOCK_BATCH_MQ: Command<Record<never, never>, LockBatch, Record<never, never>, undefined, "SUCCESS", never, "broker">;
    readonly UNREGISTER_CLIENT: Command<    {
    readonly clientID: Field<string, false>;
    readonly producerGroup: Field<string, true>;
    readonly consumerGroup: Field<string, true>;
    }, undefined, Record<never, never>, undefined, "SUCCESS", never, "broker">;
    readonly UPDATE_AND_CREATE_SUBSCRIPTIONGROUP: Command<Record<never, never>, SubscriptionGroupConfig, Record<never, never>, undefined, "SUCCESS", never, "broker">;
    readonly UPDATE_AND_CREATE_TOPIC: Command<    {
    readonly topic: Field<string, false>;
    readonly defaultTopic: Field<string, false>;
    readonly readQueueNums: Field<number, false>;
    readonly writeQueueNums: Field<number, false>;
    readonly perm: Field<number, false>;
    readonly topicFilterType: Field<string, false>;
    readonly topicSysFlag: Field<number, true>;
    readonly order: Field<boolean, true>;
    readonly attributes: Field<string, true>;
    readonly force: Field<boolean, true>;
    }, undefined, Record<never, never>, undefined, "SUCCESS", never, "broker">;
    readonly UPDATE_CONSUMER_OFFSET: Command<    {
    readonly bname: Field<string, true>;
    readonly commitOffset: Field<number, false>;
    readonly topic: Field<string, false>;
    readonly queueId: Field<number, false>;
    readonly consumerGroup: Field<string, false>;
    }, undefined, Record<never, never>, undefined, "SUCCESS", never, "broker">;
    readonly VIEW_MESSAGE_BY_ID: Command<    {
    readonly bname: Field<string, true>;
    readonly offset: Field<number, false>;
    readonly topic: Field<string, true>;
    }, undefined, Record<never, never>, Uint8Array<ArrayBufferLike>, "SUCCESS", never, "broker">;
};

declare type Commands = typeof COMMANDS;

/** One client of a group as its broker lists it. */
declare interface Connection {
    /** Id of the client: `ip@instance`, the same for all its members. */
    readonly clientId: string;
    /** `ip:port` as the broker sees it. */
    readonly clientAddr: string;
    /** Missing where the broker does not know the language. */
    readonly language?: string | undefined;
    /** MQVersion ordinal. */
    readonly version: number;
}

/** Where a group starts on a queue that has no committed offset. */
declare type ConsumeFromWhere = 'CONSUME_FROM_LAST_OFFSET' | 'CONSUME_FROM_FIRST_OFFSET' | 'CONSUME_FROM_TIMESTAMP';

/** What a listener made of a message that it was given on demand (Java `ConsumeMessageDirectlyResult`). */
declare interface ConsumeMessageDirectlyResult {
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

/** The clients of a consumer group and what they subscribe to (Java `ConsumerConnection`). */
declare interface ConsumerConnection {
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

/** One consumer group in a heartbeat (Java `ConsumerData`). */
declare interface ConsumerData {
    readonly groupName: string;
    readonly consumeType: ConsumeType;
    readonly messageModel: MessageModel;
    readonly consumeFromWhere: ConsumeFromWhere;
    readonly subscriptionDataSet: readonly SubscriptionData[];
    readonly unitMode: boolean;
}

/** What a consumer tells of itself (Java `ConsumerRunningInfo`). */
declare interface ConsumerRunningInfo {
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

/** The next offset of each queue by client (Java `GetConsumerStatusBody`). */
declare interface ConsumerStatusTable {
    readonly consumerTable: ReadonlyMap<string, readonly (readonly [MessageQueue, number])[]>;
}

/** Progress of a group by queue (Java `ConsumeStats`). */
declare interface ConsumeStats {
    readonly consumeTps: number;
    readonly offsetTable: readonly (readonly [MessageQueue, OffsetWrapper])[];
}

/** Speed of consumption of one topic (Java `ConsumeStatus`): the mean times in ms and the rates per second of the last minute. */
declare interface ConsumeStatus {
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
declare type ConsumeType = 'CONSUME_PASSIVELY' | 'CONSUME_ACTIVELY';

/** A control that was set. */
export declare interface Control {
    /** How many requests it has taken so far. */
    readonly seen: number;
    /** Ends it. */
    release(): void;
}

/** Where a request arrived or, for those that brokers send to clients, is from; and on which connection. */
export declare interface ControlContext {
    /** Name of the broker; undefined on a name server. */
    readonly broker: string | undefined;
    /** 0 for a master. */
    readonly brokerId: number | undefined;
    /** The connection that the request came by, or goes by. */
    readonly channel: ControlledConnection;
    /** What arrived; undefined for requests to clients. */
    readonly frame: RemotingCommand | undefined;
}

/** Gets a request before the server does, and says what becomes of it; one that throws fails the request as if the server had. */
export declare type ControlHandler<N extends CommandName> = (request: RequestNamed<N>, context: ControlContext) => Verdict<N> | Promise<Verdict<N>>;

/** A connection of a client to the emulator. */
export declare interface ControlledConnection {
    /** `host:port` of the client. */
    readonly address: string;
    /** MQVersion ordinal of the client, from its last frame. */
    readonly peerVersion: number | undefined;
    /** Whether it takes requests. */
    readonly state: ChannelState;
    /** Closes it at once; what waits on it fails. */
    close(): void;
}

/** Which requests are controlled. */
export declare interface ControlOptions {
    /** How many requests are controlled; default 1. */
    readonly times?: number | 'keep';
    /** Only requests to brokers of this name. */
    readonly broker?: string;
}

/** An account of the emulator's brokers, in the words of `plain_acl.yml`. */
export declare interface EmulatedAccount {
    /** Names the account. */
    readonly accessKey: string;
    /** What its requests are signed with. */
    readonly secretKey: string;
    /** May do everything; default false. */
    readonly admin?: boolean;
    /** For topics that `topicPerms` does not name; default DENY. */
    readonly defaultTopicPerm?: EmulatedPermission;
    /** For groups that `groupPerms` does not name; default DENY. */
    readonly defaultGroupPerm?: EmulatedPermission;
    /** What it may do with topics, by name. */
    readonly topicPerms?: Readonly<Record<string, EmulatedPermission>>;
    /** What it may do with groups, by name. */
    readonly groupPerms?: Readonly<Record<string, EmulatedPermission>>;
}

/** A running broker of the emulator. */
export declare interface EmulatedBroker extends EmulatedNode {
    /** Name that a master and its slaves share. */
    readonly name: string;
    /** 0 for a master. */
    readonly id: number;
    /** Whether it listens: true between `start` and `stop`. */
    readonly isRunning: boolean;
    /** `stop` and `start`. */
    restart(): Promise<void>;
}

/** One broker name: a master and, where wanted, slaves. */
export declare interface EmulatedBrokerOptions {
    /** Name that the master and its slaves share, such as `broker-a`. */
    readonly name: string;
    /** Slaves of this master, with ids from 1 on; default 0. */
    readonly slaves?: number;
}

/** A running server of the emulator. */
export declare interface EmulatedNode {
    /** `ip:port`; it stays the same over `stop` and `start`. */
    readonly address: string;
    /** Closes its port and all its connections. What it holds is kept. Calls wait for those before them. */
    stop(): Promise<void>;
    /** Does nothing while it runs. @throws RocketMQError INVALID_STATE after the emulator's shutdown */
    start(): Promise<void>;
}

/** What an account may do with a topic or group. */
export declare type EmulatedPermission = 'DENY' | 'PUB' | 'SUB' | 'PUB|SUB';

/** Settings of a topic; both numbers of queues default to `queues`, which defaults to 8. */
export declare interface EmulatedTopicOptions {
    /** Queues on each broker, to read and to write; default 8. */
    readonly queues?: number;
    /** How many queues consumers read; default `queues`. */
    readonly readQueueNums?: number;
    /** How many queues producers write; default `queues`. */
    readonly writeQueueNums?: number;
    /** Permission bits: 2 write, 4 read; default 6. */
    readonly perm?: number;
    /** The topic is marked as one with a fixed order of queues; default false. */
    readonly order?: boolean;
}

/** Which generation of brokers and name servers the emulator behaves as: 4.9.4 or 5.5.0. */
export declare type EmulatedVersion = '4.9' | '5';

/**
 * Name servers and brokers in this process that speak RocketMQ's remoting protocol on real TCP, for development and tests.
 *
 * @example
 * await using emulator = await Emulator.start({ topics: { Orders: 8 } })
 * const producer = new Producer({ namesrvAddr: emulator.namesrvAddr, producerGroup: 'orders' })
 */
export declare class Emulator {
    #private;
    private constructor();
    /**
     * Starts name servers and brokers on free ports.
     * @throws RocketMQError INVALID_ARGUMENT for a wrong option or a port that is taken, INVALID_STATE in production
     */
    static start(options?: EmulatorOptions): Promise<Emulator>;
    /** Addresses of the name servers, `ip:port;ip:port`. */
    get namesrvAddr(): string;
    /** The name servers, in the order of their addresses in `namesrvAddr`. */
    get nameServers(): readonly EmulatedNode[];
    /** Masters, each followed by its slaves. */
    get brokers(): readonly EmulatedBroker[];
    /** Takes over the next request of a kind, or more of them: sees, replaces, delays or breaks it. */
    control<N extends CommandName>(name: N, handler: ControlHandler<N>, options?: ControlOptions): Control;
    /** Resolves with the next request of a kind that matches, once it was handled; rejects when the emulator is shut down. */
    received<N extends CommandName>(name: N, matches?: (request: RequestNamed<N>, context: ControlContext) => boolean): Promise<RequestNamed<N>>;
    /** Creates a topic on every broker, or changes it. @throws RocketMQError INVALID_TOPIC, INVALID_ARGUMENT */
    createTopic(topic: string, options?: number | EmulatedTopicOptions): void;
    /** Messages that are stored under a topic now, by broker, queue and offset; their bodies are as they were sent. */
    messages(topic: string): MessageExt[];
    /** Offset that a group has committed for a queue; undefined where it has none. */
    consumerOffset(group: string, topic: string, options?: {
        queueId?: number;
        broker?: string;
    }): number | undefined;
    /** Closes all sockets and timers; can be called again. */
    shutdown(): Promise<void>;
    /** As `shutdown`, for `await using`. */
    [Symbol.asyncDispose](): Promise<void>;
}

/** What an emulator consists of, and how its servers behave. */
export declare interface EmulatorOptions {
    /** Brokers, or how many masters (`broker-a`, `broker-b`, …); default 1. */
    readonly brokers?: number | readonly EmulatedBrokerOptions[];
    /** Default 1. */
    readonly nameServers?: number;
    /** Port of the first name server, further ones take the ports after it; default 0, any free ports. */
    readonly nameServerPort?: number;
    /** Topics that exist from the start, on every broker: the number of queues on each, or settings. */
    readonly topics?: Readonly<Record<string, number | EmulatedTopicOptions>>;
    /** The first send to an unknown topic creates it; default true. */
    readonly autoCreateTopic?: boolean;
    /** The first consumer of an unknown group creates it; default true. */
    readonly autoCreateGroup?: boolean;
    /** Default `DefaultCluster`. */
    readonly clusterName?: string;
    /** Generation to behave as, 4.9.4 or 5.5.0; default `5`. */
    readonly version?: EmulatedVersion;
    /** Default: the system's. */
    readonly clock?: Clock;
    /** Interface to listen on, and the address that clients are told; default 127.0.0.1. */
    readonly host?: string;
    /** `messageDelayLevel` of the brokers; default `1s 5s 10s 30s 1m … 2h`. */
    readonly delayLevels?: string;
    /** Is told what the servers do; default nobody. */
    readonly logger?: Logger;
    /** Memory for the messages of each broker name, bytes, 16 MiB at least; the oldest go first. Default 512 MiB. */
    readonly maxStoreBytes?: number;
    /** Largest body, bytes; default 4 MiB. */
    readonly maxMessageSize?: number;
    /** Name servers tell the order of queues that is kept under ORDER_TOPIC_CONFIG; default false. */
    readonly orderMessageEnable?: boolean;
    /** Brokers filter by SQL92 over properties, as real ones do with `enablePropertyFilter=true`; default true. */
    readonly enablePropertyFilter?: boolean;
    /** Brokers of 5.x recall timer messages, as real ones do with `recallMessageEnable=true`; default false. */
    readonly recallMessageEnable?: boolean;
    /** Half messages younger than this are not asked about, ms (`transactionTimeOut`); default 6000. */
    readonly transactionTimeOutMs?: number;
    /** How often producers are asked about open transactions, ms (`transactionCheckInterval`); default 30000, of 4.9 60000. */
    readonly transactionCheckIntervalMs?: number;
    /** How often one transaction is asked about before it is given up; default 15. */
    readonly transactionCheckMax?: number;
    /** Brokers serve only requests that one of these has signed, and as it is allowed to; default: everybody may everything. */
    readonly accounts?: readonly EmulatedAccount[];
    /** Brokers and name servers speak TLS: `cert` and `key` in PEM, and `ca` where clients must have a certificate by it. */
    readonly tls?: TlsOptions;
    /** The emulator is for development and tests; this starts it in production all the same. */
    readonly allowProduction?: boolean;
}

/**
 * Text fields of a frame's header. A null is what Java reads from an explicit null or an empty binary value; nulls are
 * never written. Look up known names only: the object may come from the wire.
 */
export declare type ExtFields = Record<string, string | null>;

/** How one header field travels as text. */
declare interface Field<T, Optional extends boolean = boolean> {
    readonly kind: 'string' | 'int' | 'long' | 'bound' | 'boolean';
    readonly optional: Optional;
    /** Never present; carries the value's type. */
    readonly type?: T;
}

/** A header as an object with values of their own types. */
declare type Header<S extends Schema> = {
    readonly [K in Exclude<keyof S, OptionalKeys<S>>]: Value<S[K]>;
} & {
    readonly [K in OptionalKeys<S>]?: Value<S[K]> | undefined;
};

/** How a header travels as text fields. */
declare interface HeaderCodec<S extends Schema> {
    encode(header: Header<S>): ExtFields;
    /** @throws RocketMQError PROTOCOL_ERROR where a required field is missing or a value is not of its kind */
    decode(fields: ExtFields | undefined): Header<S>;
}

/** All groups of one client (Java `HeartbeatData`). */
declare interface HeartbeatData {
    readonly clientID: string;
    readonly producerDataSet: readonly {
        readonly groupName: string;
    }[];
    readonly consumerDataSet: readonly ConsumerData[];
    /** Of version 2, brokers from 5.1.4: tells whether subscriptions have changed; 0 in version 1. */
    readonly heartbeatFingerprint?: number;
    /** Of version 2: subscriptions are left out, as they are known. */
    readonly withoutSub?: boolean;
}

/** Queues that an orderly consumer wants to lock or give back. */
declare interface LockBatch {
    readonly consumerGroup: string;
    readonly clientId: string;
    readonly mqSet: readonly MessageQueue[];
    readonly onlyThisBroker: boolean;
}

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
declare type LogicalQueues = ReadonlyMap<string, ReadonlyMap<number, string>>;

/**
 * A clock that stands still until it is told to move, for tests of behaviour that takes seconds.
 *
 * @example
 * const clock = new ManualClock()
 * const emulator = await Emulator.start({ clock })
 * await clock.advance(30_000)
 */
export declare class ManualClock implements Clock {
    #private;
    /** `startMs`: wall time to begin with, milliseconds since 1970; default is the present. */
    constructor(startMs?: number);
    /** Whole, as the system's is, also where a timer fell due at a fraction of a millisecond. */
    now(): number;
    /** Milliseconds that it was advanced by. */
    monotonic(): number;
    /** Runs `callback` when the clock was advanced by `ms`. */
    after(ms: number, callback: () => void): Timer;
    /** Resolves when the clock was advanced by `ms`; rejects with ABORTED when aborted before. */
    sleep(ms: number, signal?: AbortSignal): Promise<void>;
    /** Moves time on by `ms`, runs what falls due in order, and lets the work that it starts settle after each step. */
    advance(ms: number): Promise<void>;
    /** Steps the wall clock alone, as an administrator or a time server would; timers do not notice. */
    stepWallClock(ms: number): void;
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

/** Clustering shares the queues of a topic among a group's members; broadcasting gives every member all of them. */
declare type MessageModel = 'CLUSTERING' | 'BROADCASTING';

/** User properties of a message. Names and values are non-empty text without \u0001 and \u0002. */
export declare type MessageProperties = Readonly<Record<string, string>>;

/** One queue of a topic on one broker. */
declare interface MessageQueue {
    /** The topic that it is of. */
    readonly topic: string;
    /** Name of the broker that has it. */
    readonly brokerName: string;
    /** Its number on that broker, 0 and up. */
    readonly queueId: number;
}

/** A queue to consume, and how (Java `MessageQueueAssignment`). */
declare interface MessageQueueAssignment {
    /** Queue -1 of a broker stands for all that it has of the topic. */
    readonly messageQueue: MessageQueue;
    readonly mode: MessageRequestMode;
}

/** How members of a group get the messages of a topic; the broker knows it. Brokers from 5.0. */
declare type MessageRequestMode = 'PULL' | 'POP';

/** How far a group is on one queue (Java `OffsetWrapper`). */
declare interface OffsetWrapper {
    readonly brokerOffset: number;
    readonly consumerOffset: number;
    /** Brokers from 5.0; -1 where the broker does not say. */
    readonly pullOffset: number;
    /** Store time of the last consumed message, ms. */
    readonly lastTimestamp: number;
}

declare type OptionalKeys<S> = {
    [K in keyof S]: S[K] extends Field<unknown, true> ? K : never;
}[keyof S];

/** A header where there are fields, and a body where there is one. */
declare type Payload<S extends Schema, B> = (keyof S extends never ? {
    readonly header?: undefined;
} : {
    readonly header: Header<S>;
}) & ([B] extends [undefined] ? {
    readonly body?: undefined;
} : {
    readonly body: B;
});

/** Who answers a request. */
declare type Peer = 'namesrv' | 'broker' | 'client';

/** What a consumer has of one queue, or broker, that it pops (Java `PopProcessQueueInfo`). */
declare interface PopProcessQueueInfo {
    /** Messages in hand. */
    readonly waitAckCount: number;
    /** Whether the queue is being given away; the name is RocketMQ's. */
    readonly droped: boolean;
    /** Wall time, ms. */
    readonly lastPopTimestamp: number;
}

/** How a push consumer works one queue off (Java `ProcessQueueInfo`). Times are ms since 1970, 0 where there was none. */
declare interface ProcessQueueInfo {
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

/** What a broker assigns; undefined where it does not say: everything is to stay as it is. */
declare interface QueueAssignments {
    readonly messageQueueAssignments: readonly MessageQueueAssignment[] | undefined;
}

/** Queues of a topic on one broker (Java `QueueData`). */
declare interface QueueData {
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

/** Offsets by queue, as a list of pairs; on the wire an object with objects as keys. */
declare interface QueueOffsetTable {
    readonly offsetTable: readonly (readonly [MessageQueue, number])[];
}

/** Offsets by queue, as a list of pairs; on the wire an object with objects as keys. */
declare interface QueueTable {
    readonly messageQueueTable: readonly (readonly [MessageQueue, number])[];
}

/** What a frame was read to. */
export declare interface RemotingCommand {
    /** Of a request its kind, of a response the outcome. */
    readonly code: number;
    /** Undefined where the peer sent a language that is not known. */
    readonly language: string | undefined;
    /** Ordinal of the sender's RocketMQ version. */
    readonly version: number;
    /** Tells which request a response is for. */
    readonly opaque: number;
    /** Bits: 1 for a response, 2 for a request without one. */
    readonly flag: number;
    /** Words of the one who answers. */
    readonly remark: string | undefined;
    /** Fields of the header; undefined without any. */
    readonly extFields: ExtFields | undefined;
    /** A view over the received bytes; empty where the frame has no body. */
    readonly body: Buffer;
    /** How the header is written. */
    readonly serializeType: SerializeType;
}

/** What a request is answered with: switch on `code`. */
declare type Reply<R extends Schema, RB, A, E> = ({
    readonly code: A;
    readonly remark?: string | undefined;
} & Payload<R, RB>) | ([E] extends [never] ? never : {
    readonly code: E;
    readonly remark?: string | undefined;
});

/** What a request of this row is answered with. */
declare type ReplyOf<C> = C extends Command<Schema, unknown, infer R, infer RB, infer A, infer E, Peer> ? Reply<R, RB, A, E> : never;

/** How a group is to get the messages of a topic (Java `SetMessageRequestModeRequestBody`). */
declare interface RequestModeChange {
    readonly topic: string;
    readonly consumerGroup: string;
    readonly mode: MessageRequestMode;
    readonly popShareQueueNum: number;
}

/** The request of a command: its header and body. */
export declare type RequestNamed<N extends CommandName> = RequestOf<Commands[N]>;

/** What is sent with a request of this row. */
declare type RequestOf<C> = C extends Command<infer Q, infer QB, Schema, unknown, ResponseCode, ResponseCode, Peer> ? Payload<Q, QB> & {
    readonly remark?: string | undefined;
} : never;

/** RocketMQ's response codes by their Java names (`ResponseCode`, `RemotingSysResponseCode`). */
declare const RESPONSE_CODES: {
    readonly SUCCESS: ResponseCodeRow;
    readonly SYSTEM_ERROR: ResponseCodeRow;
    readonly SYSTEM_BUSY: ResponseCodeRow;
    readonly REQUEST_CODE_NOT_SUPPORTED: ResponseCodeRow;
    readonly TRANSACTION_FAILED: ResponseCodeRow;
    readonly FLUSH_DISK_TIMEOUT: ResponseCodeRow;
    readonly SLAVE_NOT_AVAILABLE: ResponseCodeRow;
    readonly FLUSH_SLAVE_TIMEOUT: ResponseCodeRow;
    readonly MESSAGE_ILLEGAL: ResponseCodeRow;
    readonly SERVICE_NOT_AVAILABLE: ResponseCodeRow;
    readonly VERSION_NOT_SUPPORTED: ResponseCodeRow;
    readonly NO_PERMISSION: ResponseCodeRow;
    readonly TOPIC_NOT_EXIST: ResponseCodeRow;
    readonly TOPIC_EXIST_ALREADY: ResponseCodeRow;
    readonly PULL_NOT_FOUND: ResponseCodeRow;
    readonly PULL_RETRY_IMMEDIATELY: ResponseCodeRow;
    readonly PULL_OFFSET_MOVED: ResponseCodeRow;
    readonly QUERY_NOT_FOUND: ResponseCodeRow;
    readonly SUBSCRIPTION_PARSE_FAILED: ResponseCodeRow;
    readonly SUBSCRIPTION_NOT_EXIST: ResponseCodeRow;
    readonly SUBSCRIPTION_NOT_LATEST: ResponseCodeRow;
    readonly SUBSCRIPTION_GROUP_NOT_EXIST: ResponseCodeRow;
    readonly FILTER_DATA_NOT_EXIST: ResponseCodeRow;
    readonly FILTER_DATA_NOT_LATEST: ResponseCodeRow;
    readonly INVALID_PARAMETER: ResponseCodeRow;
    readonly TRANSACTION_SHOULD_COMMIT: ResponseCodeRow;
    readonly TRANSACTION_SHOULD_ROLLBACK: ResponseCodeRow;
    readonly TRANSACTION_STATE_UNKNOW: ResponseCodeRow;
    readonly TRANSACTION_STATE_GROUP_WRONG: ResponseCodeRow;
    readonly NO_BUYER_ID: ResponseCodeRow;
    readonly NOT_IN_CURRENT_UNIT: ResponseCodeRow;
    readonly CONSUMER_NOT_ONLINE: ResponseCodeRow;
    readonly CONSUME_MSG_TIMEOUT: ResponseCodeRow;
    readonly NO_MESSAGE: ResponseCodeRow;
    readonly POLLING_FULL: ResponseCodeRow;
    readonly POLLING_TIMEOUT: ResponseCodeRow;
    readonly BROKER_NOT_EXIST: ResponseCodeRow;
    readonly BROKER_DISPATCH_NOT_COMPLETE: ResponseCodeRow;
    readonly BROADCAST_CONSUMPTION: ResponseCodeRow;
    readonly FLOW_CONTROL: ResponseCodeRow;
    readonly NOT_LEADER_FOR_QUEUE: ResponseCodeRow;
    readonly ILLEGAL_OPERATION: ResponseCodeRow;
    readonly GO_AWAY: ResponseCodeRow;
    readonly LMQ_QUOTA_EXCEEDED: ResponseCodeRow;
    readonly LITE_SUBSCRIPTION_QUOTA_EXCEEDED: ResponseCodeRow;
    readonly USER_NOT_EXIST: ResponseCodeRow;
    readonly POLICY_NOT_EXIST: ResponseCodeRow;
};

/** RocketMQ's name of a response code. */
export declare type ResponseCode = keyof typeof RESPONSE_CODES;

declare interface ResponseCodeRow {
    readonly code: number;
    /** Whether the same request may succeed when it is repeated later. */
    readonly retriable: boolean;
}

/** Whose queue it is: `0` the topic's own, `1` and `2` those of its POP retry topic of that version. */
declare type RetryFlag = '0' | '1' | '2';

/** The fields of a header by their Java names. */
declare type Schema = Readonly<Record<string, Field<any>>>;

/** Form of the header of a frame. */
export declare type SerializeType = 'JSON' | 'ROCKETMQ';

/** What a group wants of one topic, as it travels in heartbeats (Java `SubscriptionData`). */
declare interface SubscriptionData {
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

/** Settings of a consumer group on a broker (Java `SubscriptionGroupConfig`). */
declare interface SubscriptionGroupConfig {
    readonly groupName: string;
    readonly consumeEnable: boolean;
    readonly consumeFromMinEnable: boolean;
    readonly consumeBroadcastEnable: boolean;
    readonly consumeMessageOrderly: boolean;
    readonly retryQueueNums: number;
    readonly retryMaxTimes: number;
    readonly brokerId: number;
    readonly whichBrokerWhenConsumeSlowly: number;
    readonly notifyConsumerIdsChangedEnable: boolean;
}

/** A timer that can be called off. */
export declare interface Timer {
    /** The callback is not called any more. */
    cancel(): void;
}

/** Names of topics, as several requests answer them. */
declare interface TopicList {
    readonly topicList: readonly string[];
    readonly brokerAddr?: string | undefined;
}

/** Range of a queue (Java `TopicOffset`). */
declare interface TopicOffset {
    /** The oldest offset that is stored. */
    readonly minOffset: number;
    /** The offset that the next message will get. */
    readonly maxOffset: number;
    /** Store time of the last message, ms; 0 where there is none. */
    readonly lastUpdateTimestamp: number;
}

/** Where a topic lives (Java `TopicRouteData`). */
declare interface TopicRoute {
    /** `broker-a:4;broker-b:4` for topics with a fixed order of queues. */
    readonly orderTopicConf?: string;
    /** Its queues, by broker. */
    readonly queueDatas: readonly QueueData[];
    /** Addresses of its brokers. */
    readonly brokerDatas: readonly BrokerData[];
    /** For static topics, whose queues are the same wherever they are hosted. */
    readonly logicalQueues?: LogicalQueues;
}

/** A route as a name server answers it. */
declare interface TopicRouteReply extends TopicRoute {
    readonly brokerDatas: readonly BrokerDataReply[];
    /** Broker ids as bare numbers, for peers older than 4.9.4 that did not ask for standard JSON. */
    readonly bareBrokerIds?: boolean;
}

/** What a broker has stored of a topic's settings (Java `TopicConfig`). */
declare interface TopicSettings {
    readonly topicName: string;
    readonly readQueueNums: number;
    readonly writeQueueNums: number;
    readonly perm: number;
    readonly topicFilterType: string;
    readonly topicSysFlag: number;
    readonly order: boolean;
    readonly attributes: ReadonlyMap<string, string>;
}

/** What GET_TOPIC_STATS_INFO answers. */
declare interface TopicStats {
    readonly offsetTable: readonly (readonly [MessageQueue, TopicOffset])[];
}

declare type Value<F> = F extends Field<infer T> ? T : never;

/**
 * What is to become of a request: an answer instead of the server's own; `pass` (or nothing): the server handles it;
 * `drop`: it never arrived; `close`: its connection closes instead; `drop-reply`: it is handled, and the answer gets
 * lost; `close-reply`: it is handled, and the connection closes instead of the answer. Requests that brokers send to
 * clients, which have no answer, can be passed, dropped and closed upon.
 */
export declare type Verdict<N extends CommandName> = ReplyOf<Commands[N]> | BareReply | 'pass' | 'drop' | 'close' | 'drop-reply' | 'close-reply' | undefined | void;

export { }
