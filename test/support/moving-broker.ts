import { GET_ROUTEINFO_BY_TOPIC } from '../../lib/commands/route'
import type { TopicRoute } from '../../lib/model/topic-route'
import { Forwarder } from './forwarder'
import { loopbackClient } from './loopback-client'
import type { Site } from './site'

/** A broker of the emulator that clients know by another address, which changes when it is started again. */
export class MovingBroker {
  readonly #site: Site
  readonly #real: string
  #front: Forwarder

  private constructor(site: Site, real: string) {
    this.#site = site
    this.#real = real
    this.#front = new Forwarder(real)
  }

  /** From now on clients are told the other address. */
  static async of(site: Site): Promise<MovingBroker> {
    const moving = new MovingBroker(site, site.brokers[0]?.address ?? '')
    await moving.#front.open()
    const asker = loopbackClient()
    site.onEnd(() => Promise.all([moving.#front.close(), asker.close()]))
    const [nameServer = ''] = site.namesrvAddr.split(';')
    site.control(
      'GET_ROUTEINFO_BY_TOPIC',
      async ({ header: { topic, acceptStandardJsonOnly } }) => {
        if (acceptStandardJsonOnly !== true) return 'pass'
        const header = { topic, acceptStandardJsonOnly: false }
        const reply = await asker.invoke(nameServer, GET_ROUTEINFO_BY_TOPIC, { header })
        return reply.code === 'SUCCESS' ? { code: 'SUCCESS', body: moving.#shown(reply.body) } : reply
      },
      { times: 'keep' },
    )
    return moving
  }

  /** It goes away and comes back elsewhere. */
  async move(): Promise<void> {
    await this.#front.close()
    await this.#site.brokers[0]?.restart()
    const next = new Forwarder(this.#real)
    await next.open()
    this.#front = next
    this.#site.onEnd(() => next.close())
  }

  #shown(route: TopicRoute): TopicRoute {
    const brokerDatas = route.brokerDatas.map(data => {
      const addresses = Array.from(data.brokerAddrs, ([id, address]): [number, string] => {
        return [id, address === this.#real ? this.#front.address : address]
      })
      return { ...data, brokerAddrs: new Map(addresses) }
    })
    return { ...route, brokerDatas }
  }
}
