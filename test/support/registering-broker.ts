import { HEART_BEAT, UNREGISTER_CLIENT } from '../../lib/commands/client'
import type { ReplyOf } from '../../lib/commands/command'
import { Clients } from '../../lib/emulator/clients'
import { GENERATIONS } from '../../lib/emulator/generation'
import type { ManualClock } from '../../lib/runtime/manual-clock'
import { ScriptedServer } from './scripted-server'

/** A broker that knows its clients by their channels as real brokers do, with all three of their traps. */
export class RegisteringBroker {
  readonly server: ScriptedServer
  readonly clients: Clients
  /** What was asked, such as `HEART_BEAT p:orders c:billing` or `UNREGISTER_CLIENT p:orders`. */
  readonly log: string[] = []

  private constructor(server: ScriptedServer, clients: Clients) {
    this.server = server
    this.clients = clients
    server.handlers.on(HEART_BEAT, ({ body }, { channel, frame }): ReplyOf<typeof HEART_BEAT> => {
      const producers = body.producerDataSet.map(({ groupName }) => `p:${groupName}`)
      const consumers = body.consumerDataSet.map(({ groupName }) => `c:${groupName}`)
      this.log.push(['HEART_BEAT', ...producers, ...consumers].join(' '))
      clients.heartbeat(body, { channel, frame, admit: () => ({ admitted: true, notifies: true }) })
      return { code: 'SUCCESS', header: {} }
    })
    server.handlers.on(UNREGISTER_CLIENT, ({ header }, { channel }): ReplyOf<typeof UNREGISTER_CLIENT> => {
      const { clientID, producerGroup, consumerGroup } = header
      if (producerGroup !== undefined) clients.producers.unregister(producerGroup, channel, clientID)
      if (consumerGroup !== undefined) clients.consumers.unregister(consumerGroup, channel, true)
      this.log.push(`UNREGISTER_CLIENT ${producerGroup === undefined ? `c:${consumerGroup}` : `p:${producerGroup}`}`)
      return { code: 'SUCCESS' }
    })
  }

  static async start(clock: ManualClock): Promise<RegisteringBroker> {
    const clients = new Clients({ clock, generation: GENERATIONS['5'], notify: () => undefined })
    const server = await ScriptedServer.start({ clock, onChannelClosed: channel => clients.onChannelClosed(channel) })
    return new RegisteringBroker(server, clients)
  }

  get address(): string {
    return this.server.address
  }

  /** What was asked since this was last called. */
  takeLog(): string[] {
    return this.log.splice(0)
  }

  /** True where replies can be pushed to a client: over a connection that is open. */
  canPushTo(clientId: string): boolean {
    return this.clients.producers.pushChannel(clientId)?.state === 'open'
  }
}
