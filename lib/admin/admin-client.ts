import { CALL_OPTIONS, checkCallOptions, checkedMs } from '../client/checked-options'
import { ClientMember } from '../client/client-member'
import type { ClientOptions } from '../client/client-options'
import type { ClientInstance } from '../client/client-instance'
import type { AdminMember } from '../client/member'
import { CLIENT_OPTIONS, resolveClientOptions } from '../client/resolve-client-options'
import type { StartOptions } from '../client/start-member'
import type { Connection, ConsumerConnection } from '../commands/group'
import type { ConsumeMessageDirectlyResult, ConsumerRunningInfo } from '../commands/consumer-status'
import type { ClusterInfo } from '../commands/route'
import { RocketMQError } from '../errors'
import type { MessageExt } from '../model/message'
import { type OptionNames, checkOptions, checkedFlag } from '../model/option-checks'
import type { Trace } from '../model/trace'
import type { MessageRequestMode } from '../model/message-request-mode'
import { AUTO_CREATE_TOPIC } from '../model/system-topics'
import type { TopicRoute } from '../model/topic-route'
import type { CallOptions } from '../remoting/remoting-client'
import { withAnySignal } from '../runtime/any-signal'
import { withDeadline } from '../runtime/deadline'
import type { LifecycleState } from '../runtime/lifecycle'
import { PendingWork } from '../runtime/pending-work'
import { randomHex } from '../runtime/random'
import { AdminCall } from './admin-call'
import { clusterInfo } from './brokers'
import { type GroupConsumeStats, consumeStats } from './consume-stats'
import {
  type ConsumerMemberId,
  type ConsumerQueueOffset,
  consumeMessageDirectly,
  consumerRunningInfo,
  consumerStatus,
} from './consumer-status'
import { TOPIC_SETTINGS, type TopicSettings, createTopic } from './create-topic'
import {
  GROUP_SETTINGS,
  type GroupSettings,
  consumerConnections,
  createGroup,
  deleteGroup,
  producerConnections,
} from './groups'
import {
  KEY_QUERY,
  type KeyQuery,
  UNIQUE_KEY_QUERY,
  type UniqueKeyQuery,
  queryByKey,
  queryByUniqueKey,
  viewMessage,
} from './messages'
import { type TraceQuery, queryMessageTrace } from './message-trace'
import { REQUEST_MODE_OPTIONS, type RequestModeOptions, setMessageRequestMode } from './request-mode'
import { type QueueOffset, RESET_OFFSETS, type ResetOffsets, resetOffsets } from './reset-offsets'
import { type TopicQueueStats, deleteTopic, listTopics, topicRoute, topicStats } from './topics'

/** Events of an admin client. */
export interface AdminClientEvents {
  /** Something failed that no call waits for, such as the periodic question for routes. */
  backgroundError: [error: RocketMQError]
}

/** A snapshot of what an admin client is doing. */
export interface AdminClientStats {
  /** Where in its life it is, from `created` to `stopped` or `failed`. */
  readonly state: LifecycleState
  /** Calls that have not ended yet. */
  readonly callsRunning: number
}

const WITH_TOPIC = { ...CALL_OPTIONS, topic: true } as const
const DEFAULT_CALL_MS = 10_000
const DEFAULT_SHUTDOWN_MS = 10_000

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
export class AdminClient extends ClientMember<AdminClientEvents> {
  readonly #running = new PendingWork()
  readonly #closing = new AbortController()

  /** @throws RocketMQError INVALID_ARGUMENT, NO_NAME_SERVER */
  constructor(options: ClientOptions) {
    checkOptions(options, CLIENT_OPTIONS)
    // Administrators see what brokers have: names are theirs, with any namespace in them.
    const clientOptions = { ...resolveClientOptions(options), namespace: '' }
    // Any number of admin clients may share one client: each is a group of its own.
    super(clientOptions, { kind: 'admin', group: `admin-${randomHex(6)}`, title: 'the admin client' })
  }

  /**
   * Reaches a name server.
   * @throws RocketMQError NO_NAME_SERVER, START_TIMEOUT, INVALID_STATE, ABORTED
   */
  start(options: StartOptions = {}): Promise<void> {
    return this.startOrShutDown(
      () => this.#start(options),
      () => this.membership.end(),
    )
  }

  /**
   * Creates a topic on every master, of one cluster or one broker where that is given, or changes it where it exists;
   * resolves when all name servers that can be reached tell of it. What is left out of `settings` gets its default, also
   * when a topic is changed.
   * @throws RocketMQError BROKER_NOT_FOUND where there is no master, TOPIC_NOT_FOUND where the topic was created and
   * name servers do not tell of it in time, UNSUPPORTED_BY_BROKER for a message type before 5.0
   */
  createTopic(settings: TopicSettings): Promise<void> {
    return this.#call(settings, call => createTopic(call, settings), TOPIC_SETTINGS)
  }

  /**
   * Deletes a topic with its messages from every master, then its route and its order from every name server. Succeeds for
   * a topic that does not exist, too. Stop its producers first, and let what was sent be consumed: a broker of 4.9 can
   * crash when it is still storing messages of a topic that is deleted.
   */
  deleteTopic(topic: string, options: CallOptions = {}): Promise<void> {
    return this.#call(options, call => deleteTopic(call, topic))
  }

  /** Names of all topics in order, those of RocketMQ itself and `%RETRY%` and `%DLQ%` topics included. */
  topics(options: CallOptions = {}): Promise<string[]> {
    return this.#call(options, listTopics)
  }

  /**
   * Where a topic lives.
   * @throws RocketMQError TOPIC_NOT_FOUND
   */
  topicRoute(topic: string, options: CallOptions = {}): Promise<TopicRoute> {
    return this.#call(options, call => topicRoute(call, topic))
  }

  /**
   * What each queue of a topic holds, by broker name and queue id.
   * @throws RocketMQError TOPIC_NOT_FOUND
   */
  topicStats(topic: string, options: CallOptions = {}): Promise<TopicQueueStats[]> {
    return this.#call(options, call => topicStats(call, topic))
  }

  /** All brokers by name, and the names by cluster. */
  clusters(options: CallOptions = {}): Promise<ClusterInfo> {
    return this.#call(options, clusterInfo)
  }

  /**
   * Creates a consumer group on every master, of one cluster or one broker where that is given, or changes it where it
   * exists. What is left out of `settings` gets its default, also when a group is changed.
   * @throws RocketMQError BROKER_NOT_FOUND where there is no master
   */
  createGroup(settings: GroupSettings): Promise<void> {
    return this.#call(settings, call => createGroup(call, settings), GROUP_SETTINGS)
  }

  /**
   * Deletes a consumer group from every master; its offsets only with `cleanOffsets`. Its retry and dead-letter topics
   * stay until `deleteTopic`, and brokers may create the group anew when a member of it comes.
   */
  deleteGroup(consumerGroup: string, options: CallOptions & { readonly cleanOffsets?: boolean } = {}): Promise<void> {
    const work = (call: AdminCall): Promise<void> =>
      deleteGroup(call, consumerGroup, checkedFlag('cleanOffsets', options.cleanOffsets, false))
    return this.#call(options, work, { ...CALL_OPTIONS, cleanOffsets: true })
  }

  /**
   * Has the members of a consumer group pop the messages of a topic, or pull them as at first, on every master that has the
   * topic, or on those of one cluster or one broker where that is given. Members that run take it over by their next
   * rebalance, within 20 s; those that broadcast, or share the queues by themselves (`clientRebalance`), always pull.
   * @throws RocketMQError TOPIC_NOT_FOUND, BROKER_NOT_FOUND where a broker of the topic has no master now,
   * UNSUPPORTED_BY_BROKER before 5.0
   * @throws BrokerError SUBSCRIPTION_GROUP_NOT_EXIST where a broker does not know the group and may not create it,
   * NO_PERMISSION for a retry topic, which is always pulled
   */
  setMessageRequestMode(
    topic: string,
    consumerGroup: string,
    mode: MessageRequestMode,
    options: RequestModeOptions = {},
  ): Promise<void> {
    const work = (call: AdminCall): Promise<void> =>
      setMessageRequestMode(call, { topic, consumerGroup, mode }, options)
    return this.#call(options, work, REQUEST_MODE_OPTIONS)
  }

  /**
   * How far a consumer group is on all topics that it has committed offsets of, or on `topic`: its lag. While members are
   * online, brokers leave topics out that those do not subscribe to.
   */
  consumeStats(
    consumerGroup: string,
    options: CallOptions & { readonly topic?: string } = {},
  ): Promise<GroupConsumeStats> {
    return this.#call(options, call => consumeStats(call, consumerGroup, options.topic), WITH_TOPIC)
  }

  /** The members of a consumer group and what they subscribe to; undefined where nobody is online. */
  consumerConnections(consumerGroup: string, options: CallOptions = {}): Promise<ConsumerConnection | undefined> {
    return this.#call(options, call => consumerConnections(call, consumerGroup))
  }

  /**
   * What a member of a consumer group tells of itself: options, subscriptions, queues and speed; with `jstack` also what it
   * does at the moment.
   * @throws BrokerError SYSTEM_ERROR where the member is not online, CONSUME_MSG_TIMEOUT where it does not answer
   */
  consumerRunningInfo(
    member: ConsumerMemberId,
    options: CallOptions & { readonly jstack?: boolean } = {},
  ): Promise<ConsumerRunningInfo> {
    const work = (call: AdminCall): Promise<ConsumerRunningInfo> =>
      consumerRunningInfo(call, member, checkedFlag('jstack', options.jstack, false))
    return this.#call(options, work, { ...CALL_OPTIONS, jstack: true })
  }

  /** The next offset of each queue of a topic, as the members of a consumer group that have them tell. */
  consumerStatus(consumerGroup: string, topic: string, options: CallOptions = {}): Promise<ConsumerQueueOffset[]> {
    return this.#call(options, call => consumerStatus(call, consumerGroup, topic))
  }

  /**
   * Has a member of a consumer group handle a stored message once more, and tells what came of it. No offset is changed.
   * @param message as `viewMessage` or a query returned it
   * @throws BrokerError SYSTEM_ERROR where the member is not online, CONSUME_MSG_TIMEOUT where its listener takes too long
   */
  consumeMessageDirectly(
    member: ConsumerMemberId,
    message: Pick<MessageExt, 'topic' | 'offsetMsgId' | 'storeHost'>,
    options: CallOptions = {},
  ): Promise<ConsumeMessageDirectlyResult> {
    return this.#call(options, call => consumeMessageDirectly(call, member, message))
  }

  /**
   * The members of a producer group, on all brokers or only those of `topic`; none where nobody is online.
   * @throws RocketMQError TOPIC_NOT_FOUND
   */
  producerConnections(
    producerGroup: string,
    options: CallOptions & { readonly topic?: string } = {},
  ): Promise<Connection[]> {
    return this.#call(options, call => producerConnections(call, producerGroup, options.topic), WITH_TOPIC)
  }

  /**
   * Has a consumer group go on with a topic at a time, at its oldest messages or at its end, and resolves with the new
   * offset of each queue. Members that are online take it over: from 5.2 the broker sets the offsets and they learn of it
   * by their next pull, which a broker may hold for 15 s, before that the broker tells them at once. Brokers before 5.2
   * do not check that there is such a group.
   * @throws RocketMQError TOPIC_NOT_FOUND, BROKER_NOT_FOUND where a broker of the topic has no master now
   * @throws BrokerError SUBSCRIPTION_GROUP_NOT_EXIST where brokers from 5.2 do not know the group
   */
  resetOffsets(options: ResetOffsets): Promise<QueueOffset[]> {
    return this.#call(options, call => resetOffsets(call, options), RESET_OFFSETS)
  }

  /**
   * The message that an offset id (`offsetMsgId`) names, from the broker whose address is in the id. A message of an inner
   * batch comes as the batch that it is stored in.
   * @throws RocketMQError INVALID_ARGUMENT where it is no offset id, MESSAGE_NOT_FOUND, MESSAGE_UNREADABLE
   */
  viewMessage(offsetMsgId: string, options: CallOptions & { readonly topic?: string } = {}): Promise<MessageExt> {
    return this.#call(options, call => viewMessage(call, offsetMsgId, options.topic), WITH_TOPIC)
  }

  /**
   * Messages of a topic that have a key, newest first. Brokers index a message a moment after they have stored it.
   * @throws RocketMQError TOPIC_NOT_FOUND, MESSAGE_UNREADABLE
   */
  queryByKey(topic: string, key: string, options: KeyQuery = {}): Promise<MessageExt[]> {
    return this.#call(options, call => queryByKey(call, topic, { ...options, key }), KEY_QUERY)
  }

  /**
   * The story of a message, oldest first, as the producers and consumers tell it that trace: who sent it, which listeners
   * had it, and how that ended. Traces come a few seconds late, and brokers index them a moment after that.
   * @throws RocketMQError TOPIC_NOT_FOUND where brokers have no such trace topic
   */
  queryMessageTrace(msgId: string, options: TraceQuery = {}): Promise<Trace[]> {
    return this.#call(options, call => queryMessageTrace(call, msgId, options), { ...KEY_QUERY, topic: true })
  }

  /**
   * Messages of a topic that have a unique id (`msgId`), newest first: there may be several, as a retry of a send stores
   * the message again. Brokers index a message a moment after they have stored it; delayed ones when they are delivered.
   * @throws RocketMQError TOPIC_NOT_FOUND, MESSAGE_UNREADABLE
   */
  queryByUniqueKey(topic: string, msgId: string, options: UniqueKeyQuery = {}): Promise<MessageExt[]> {
    return this.#call(options, call => queryByUniqueKey(call, topic, { ...options, msgId }), UNIQUE_KEY_QUERY)
  }

  /**
   * Takes no more calls, waits for those under way and closes connections that nobody else uses. Further calls get the same
   * promise.
   * @param options `timeoutMs`: limit of the wait, default 10000; to close what is left
   * takes 3 s more at the most, where brokers do not answer
   * @throws RocketMQError SHUTDOWN_INCOMPLETE where calls were under way at the end of it; they reject with ABORTED
   * @throws RocketMQError INVALID_ARGUMENT for a wrong `timeoutMs`; nothing is shut down then
   */
  override shutdown(options: { timeoutMs?: number } = {}): Promise<void> {
    return this.stopWithin(options, DEFAULT_SHUTDOWN_MS, timeoutMs => this.#shutdown(timeoutMs))
  }

  /** What it is doing at the moment. */
  stats(): AdminClientStats {
    return { state: this.lifecycle.state, callsRunning: this.#running.size }
  }

  async #start(options: StartOptions): Promise<void> {
    this.membership.acquire()
    const member: AdminMember = {
      kind: 'admin',
      group: this.membership.group,
      // Nothing is done with it: asking for any route shows whether a name server can be reached.
      topics: () => [AUTO_CREATE_TOPIC],
      onBackgroundError: error => this.emit('backgroundError', error),
    }
    await this.membership.start(member, options, () => Promise.resolve())
  }

  async #call<T, O extends CallOptions>(
    options: O,
    work: (call: AdminCall) => Promise<T>,
    names = CALL_OPTIONS as OptionNames<O>,
  ): Promise<T> {
    checkCallOptions(options, names)
    this.lifecycle.mustRun()
    const timeoutMs = checkedMs('timeoutMs', options.timeoutMs ?? DEFAULT_CALL_MS)
    const client = this.membership.client as ClientInstance
    const running = withAnySignal([this.#closing.signal, options.signal], signal =>
      work(new AdminCall(client, { timeoutMs, signal })),
    )
    return this.#running.add(running)
  }

  async #shutdown(timeoutMs: number): Promise<void> {
    try {
      await withDeadline(this.#running.settled(), {
        clock: this.clock,
        timeoutMs,
        onTimeout: () => {
          const says = `the admin client: ${this.#running.size} calls were not done within ${timeoutMs} ms`
          return new RocketMQError('SHUTDOWN_INCOMPLETE', says)
        },
      })
    } finally {
      this.#closing.abort(new RocketMQError('ABORTED', 'the admin client was shut down before the call was done'))
      await this.membership.end()
    }
  }
}
