import { HEART_BEAT, UNREGISTER_CLIENT } from '../../lib/commands/client'
import type { ReplyOf, RequestOf } from '../../lib/commands/command'
import { GET_ROUTEINFO_BY_TOPIC } from '../../lib/commands/route'
import { SEND_BATCH_MESSAGE, SEND_MESSAGE_V2 } from '../../lib/commands/send'
import { ManualClock } from '../../lib/runtime/manual-clock'
import { ScriptedServer } from './scripted-server'

/** One scripted server that is name server and broker at once, for members of a client that need sockets. */
export class ScriptedCluster {
  readonly clock: ManualClock
  readonly server: ScriptedServer
  /** Headers of the messages that were sent. */
  readonly messages: RequestOf<typeof SEND_MESSAGE_V2>[] = []

  private constructor(clock: ManualClock, server: ScriptedServer) {
    this.clock = clock
    this.server = server
  }

  /** Knows the topics with their numbers of queues, and TBW102. */
  static async start(topics: Readonly<Record<string, number>> = {}): Promise<ScriptedCluster> {
    const clock = new ManualClock(1_700_000_000_000)
    const server = await ScriptedServer.start({ clock })
    const cluster = new ScriptedCluster(clock, server)
    cluster.#answer({ TBW102: 8, ...topics })
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

  stop(): Promise<void> {
    return this.server.stop()
  }

  #answer(topics: Readonly<Record<string, number>>): void {
    const { handlers } = this.server
    handlers.on(GET_ROUTEINFO_BY_TOPIC, ({ header }): ReplyOf<typeof GET_ROUTEINFO_BY_TOPIC> => {
      const queues = topics[header.topic]
      return queues === undefined ? { code: 'TOPIC_NOT_EXIST' } : { code: 'SUCCESS', body: this.#route(queues) }
    })
    handlers.on(HEART_BEAT, () => ({ code: 'SUCCESS', header: {} }) as const)
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
