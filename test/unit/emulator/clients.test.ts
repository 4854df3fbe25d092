import type { HeartbeatData } from '../../../lib/commands/heartbeat-data'
import { Clients, type GroupAdmission } from '../../../lib/emulator/clients'
import { GENERATIONS } from '../../../lib/emulator/generation'
import type { Channel } from '../../../lib/remoting/channel'
import { ManualClock } from '../../../lib/runtime/manual-clock'
import { EMPTY_BODY, type RemotingCommand } from '../../../lib/wire/remoting-command'
import { consumerData } from '../../support/emulator-site'
import { fakeChannel } from '../../support/fake-channel'

const ADMIT: GroupAdmission = () => ({ admitted: true, notifies: true })

function frame(language = 'NODE_JS'): RemotingCommand {
  const rest = { code: 34, version: 477, opaque: 1, flag: 0, remark: undefined, extFields: undefined }
  return { ...rest, language, body: EMPTY_BODY, serializeType: 'JSON' }
}

function site(version: '4.9' | '5' = '5') {
  const clock = new ManualClock()
  const clients = new Clients({ clock, generation: GENERATIONS[version], notify: () => undefined })
  const heartbeat = (channel: Channel, data: Partial<HeartbeatData>, admit = ADMIT): boolean =>
    clients.heartbeat(
      { clientID: 'client', producerDataSet: [], consumerDataSet: [], ...data },
      { channel, frame: frame(), admit },
    )
  return { clock, clients, heartbeat }
}

const producers = (...groups: string[]) => ({ producerDataSet: groups.map(groupName => ({ groupName })) })
const consumers = (...groups: string[]) => ({ consumerDataSet: groups.map(group => consumerData(group, ['Orders'])) })

describe('Clients', () => {
  it('registers producers and consumers on the channel of the heartbeat', () => {
    const { clients, heartbeat } = site()
    const channel = fakeChannel()
    heartbeat(channel, { ...producers('p'), ...consumers('c') })
    expect(clients.producers.members('p')).toEqual([
      { channel, clientId: 'client', language: 'NODE_JS', version: 477, renewedAt: 0 },
    ])
    expect([...(clients.consumers.get('c')?.members.keys() ?? [])]).toEqual([channel])
  })

  it('of generation 4.9 does not know the language of Node clients', () => {
    const { clients, heartbeat } = site('4.9')
    heartbeat(fakeChannel(), producers('p'))
    expect(clients.producers.members('p')?.[0]?.language).toBeUndefined()
  })

  it('registers no consumer that is not admitted', () => {
    const { clients, heartbeat } = site()
    heartbeat(fakeChannel(), consumers('c'), () => ({ admitted: false, notifies: true }))
    expect(clients.consumers.get('c')).toBeUndefined()
  })

  it('drops both kinds when their channel closes', () => {
    const { clients, heartbeat } = site()
    const channel = fakeChannel()
    heartbeat(channel, { ...producers('p'), ...consumers('c') })
    clients.onChannelClosed(channel)
    expect([clients.producers.members('p'), clients.consumers.get('c')]).toEqual([undefined, undefined])
  })

  it.each([
    ['producer', producers],
    ['consumer', consumers],
  ] as const)(
    'closes a whole channel that left a %s group out of its heartbeats for more than 120 s',
    async (_, of) => {
      const { clock, clients, heartbeat } = site()
      const channel = fakeChannel()
      heartbeat(channel, producers('kept'))
      heartbeat(channel, of('left'))
      for (let seconds = 0; seconds < 120; seconds += 10) {
        await clock.advance(10_000)
        heartbeat(channel, producers('kept'))
        clients.dropExpired()
      }
      expect(channel.state).toBe('open')
      await clock.advance(1)
      clients.dropExpired()
      expect(channel.state).toBe('closed')
      expect(clients.producers.members('left')).toBeUndefined()
      expect(clients.consumers.get('left')).toBeUndefined()
    },
  )

  it('keeps a channel all of whose groups are in its heartbeats or were unregistered', async () => {
    const { clock, clients, heartbeat } = site()
    const channel = fakeChannel()
    heartbeat(channel, producers('kept'))
    heartbeat(channel, producers('left'))
    clients.producers.unregister('left', channel, 'client')
    for (let seconds = 0; seconds < 200; seconds += 10) {
      await clock.advance(10_000)
      heartbeat(channel, producers('kept'))
      clients.dropExpired()
    }
    expect(channel.state).toBe('open')
  })

  it('tells of changed subscriptions by the fingerprints of version 2', () => {
    const { heartbeat } = site()
    const channel = fakeChannel()
    const answers = [1, 1, 2].map(heartbeatFingerprint =>
      heartbeat(channel, { ...consumers('c'), heartbeatFingerprint }),
    )
    expect(answers).toEqual([false, false, true])
  })

  it('keeps subscriptions of a heartbeat of version 2 that leaves them out', () => {
    const { clients, heartbeat } = site()
    const channel = fakeChannel()
    heartbeat(channel, { ...consumers('c'), heartbeatFingerprint: 1 })
    heartbeat(channel, { consumerDataSet: [consumerData('c', [])], heartbeatFingerprint: 1, withoutSub: true })
    expect(clients.consumers.get('c')?.subscriptions.size).toBe(1)
    heartbeat(channel, { consumerDataSet: [consumerData('c', [])] })
    expect(clients.consumers.get('c')?.subscriptions.size).toBe(0)
  })

  it('of generation 4.9 knows no heartbeats that leave subscriptions out', () => {
    const { clients, heartbeat } = site('4.9')
    const channel = fakeChannel()
    heartbeat(channel, { ...consumers('c'), heartbeatFingerprint: 1 })
    heartbeat(channel, { consumerDataSet: [consumerData('c', [])], heartbeatFingerprint: 1, withoutSub: true })
    expect(clients.consumers.get('c')?.subscriptions.size).toBe(0)
  })
})
