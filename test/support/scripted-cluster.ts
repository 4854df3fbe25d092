import { GET_CONSUMER_LIST_BY_GROUP, HEART_BEAT, UNREGISTER_CLIENT } from '../../lib/commands/client'
import type { ReplyOf, RequestOf } from '../../lib/commands/command'
import type { HeartbeatData } from '../../lib/commands/heartbeat-data'
import { QUERY_CONSUMER_OFFSET, UPDATE_CONSUMER_OFFSET } from '../../lib/commands/offset'
import { PULL_MESSAGE } from '../../lib/commands/pull'
import { GET_ROUTEINFO_BY_TOPIC } from '../../lib/commands/route'
import { SEND_BATCH_MESSAGE, SEND_MESSAGE_V2 } from '../../lib/commands/send'
import { ManualClock } from '../../lib/runtime/manual-clock'
import { recordBytes } from './records'
import { type ReceivedRequest, ScriptedServer } from './scripted-server'

/** One scripted server that is name server and broker at once, for members of a client that need sockets. */
export class ScriptedCluster {
  readonly clock: ManualClock
  readonly server: ScriptedServer
  /** Headers of the messages that were sent. */
  readonly messages: RequestOf<typeof SEND_MESSAGE_V2>[] = []
  readonly heartbeats: HeartbeatData[] = []
  /** Topics that the name server knows, with their numbers of queues. */
  readonly topics: Map<string, number>
  /** `queue:offset` of each commit. */
  readonly commits: string[] = []

  private constructor(clock: ManualClock, server: ScriptedServer, topics: Readonly<Record<string, number>>) {
    this.topics = new Map(Object.entries(topics))
    this.clock = clock
    this.server = server
  }

  /** Knows the topics with their numbers of queues, and TBW102. `version`: the MQVersion ordinal that it announces. */
  static async start(topics: Readonly<Record<string, number>> = {}, version?: number): Promise<ScriptedCluster> {
    const clock = new ManualClock(1_700_000_000_000)
    const server = await ScriptedServer.start({ clock, ...(version !== undefined && { version }) })
    const cluster = new ScriptedCluster(clock, server, { TBW102: 8, ...topics })
    cluster.#answer()
    return cluster
  }

  /** What a producer or consumer is made with. */
  get options() {
    return { namesrvAddr: this.server.address, advanced: { clock: this.clock } } as const
  }

  /** Lets time pass, turn by turn, until the promise has settled, and gives its outcome. */
  async outcome<T>(promise: Promise<T>, stepMs = 0): Promise<PromiseSettledResult<T>> {
    let settled = false
    const all = Promise.allSettled([promise]).finally(() => (settled = true))
    while (!settled) await this.clock.advance(stepMs)
    return (await all)[0]
  }

  /** Answers the next pull of a topic with messages of these bodies; others are left waiting. */
  async deliver(topic: string, ...bodies: string[]): Promise<void> {
    let pull: ReceivedRequest<typeof PULL_MESSAGE>
    do pull = await this.server.next(PULL_MESSAGE)
    while (pull.request.header.topic !== topic)
    const { queueId, queueOffset } = pull.request.header
    const records = bodies.map((body, i) =>
      recordBytes({ topic, queueId, queueOffset: queueOffset + i, body: Buffer.from(body) }),
    )
    const header = {
      suggestWhichBrokerId: 0,
      nextBeginOffset: queueOffset + bodies.length,
      minOffset: 0,
      maxOffset: queueOffset + 10,
    }
    pull.reply({ code: 'SUCCESS', header, body: Buffer.concat(records) })
  }

  stop(): Promise<void> {
    return this.server.stop()
  }

  #answer(): void {
    const { handlers } = this.server
    handlers.on(GET_ROUTEINFO_BY_TOPIC, ({ header }): ReplyOf<typeof GET_ROUTEINFO_BY_TOPIC> => {
      const queues = this.topics.get(header.topic)
      return queues === undefined ? { code: 'TOPIC_NOT_EXIST' } : { code: 'SUCCESS', body: this.#route(queues) }
    })
    handlers.on(HEART_BEAT, ({ body }) => {
      this.heartbeats.push(body)
      return { code: 'SUCCESS', header: {} } as const
    })
    handlers.on(GET_CONSUMER_LIST_BY_GROUP, () => {
      const consumerIdList = [...new Set(this.heartbeats.map(({ clientID }) => clientID))]
      return { code: 'SUCCESS', body: { consumerIdList } } as const
    })
    handlers.on(QUERY_CONSUMER_OFFSET, () => ({ code: 'SUCCESS', header: { offset: 5 } }) as const)
    handlers.on(UPDATE_CONSUMER_OFFSET, ({ header }) => {
      this.commits.push(`${header.queueId}:${header.commitOffset}`)
      return { code: 'SUCCESS' } as const
    })
    // Pulls wait, as those of a queue without messages do.
    this.server.hold(PULL_MESSAGE)
    handlers.on(UNREGISTER_CLIENT, () => ({ code: 'SUCCESS' }) as const)
    handlers.on(SEND_MESSAGE_V2, request => this.#stored(request))
    handlers.on(SEND_BATCH_MESSAGE, request => this.#stored(request))
  }

  #route(nums: number) {
    const queueData = { brokerName: 'a', readQueueNums: nums, writeQueueNums: nums, perm: 7, topicSysFlag: 0 }
    const brokerAddrs = new Map([[0, this.server.address]])
    return { queueDatas: [queueData], brokerDatas: [{ cluster: 'c', brokerName: 'a', brokerAddrs }] }
  }

  #stored(request: RequestOf<typeof SEND_MESSAGE_V2>) {
    this.messages.push(request)
    const { queueId } = request.header
    return { code: 'SUCCESS', header: { msgId: 'OFFSET', queueId, queueOffset: this.messages.length - 1 } } as const
  }
}
