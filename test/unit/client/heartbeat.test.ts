import type { ClientRegistration } from '../../../lib/emulator/client-registration'
import { HEART_BEAT, UNREGISTER_CLIENT } from '../../../lib/commands/client'
import { GET_MAX_OFFSET } from '../../../lib/commands/offset'
import { Heartbeat } from '../../../lib/client/heartbeat'
import type { ConsumerMember, Member, ProducerMember } from '../../../lib/client/member'
import type { RocketMQError } from '../../../lib/errors'
import { RemotingClient } from '../../../lib/remoting/remoting-client'
import type { RouteTable } from '../../../lib/routing/route-table'
import { ManualClock } from '../../../lib/runtime/manual-clock'
import { fakeChannel } from '../../support/fake-channel'
import { clientOptions, deadAddress, numbered } from '../../support/loopback'
import { silentLog } from '../../support/recording-log'
import { RegisteringBroker } from '../../support/registering-broker'

const CLIENT_ID = '10.0.0.1@1'
const none = (): string[] => []

function producer(group: string): ProducerMember {
  return { kind: 'producer', group, topics: none, onBackgroundError: () => undefined }
}

function consumer(group: string): ConsumerMember {
  const data = {
    groupName: group,
    consumeType: 'CONSUME_PASSIVELY',
    messageModel: 'CLUSTERING',
    consumeFromWhere: 'CONSUME_FROM_LAST_OFFSET',
    subscriptionDataSet: [],
    unitMode: false,
  } as const
  return { kind: 'consumer', group, topics: none, consumerData: () => data, onBackgroundError: () => undefined }
}

describe('Heartbeat', () => {
  let clock: ManualClock
  let broker: RegisteringBroker
  let remoting: RemotingClient
  let heartbeat: Heartbeat
  const members = new Set<Member>()
  const errors: RocketMQError[] = []
  /** Brokers in routes, by address, with their id. */
  const brokers = new Map<string, number>()

  beforeEach(async () => {
    clock = new ManualClock()
    broker = await RegisteringBroker.start(clock)
    brokers.set(broker.address, 0)
    remoting = new RemotingClient({
      ...clientOptions(clock),
      onOpened: channel => {
        if (remoting.openChannel(channel.address) === channel) void heartbeat.onOpened(channel)
      },
      onClosed: channel => void heartbeat.onClosed(channel),
    })
    const addresses = () => Array.from(brokers, ([address, brokerId]) => ({ brokerName: 'b', brokerId, address }))
    heartbeat = new Heartbeat({
      clientId: CLIENT_ID,
      remoting,
      routes: { addresses } as unknown as RouteTable,
      clock,
      log: silentLog(clock),
      members: () => members,
      onError: error => errors.push(error),
    })
  })
  afterEach(async () => {
    for (const collection of [members, brokers]) collection.clear()
    errors.length = 0
    await broker.server.stop()
    await remoting.close()
  })

  const join = (member: Member): Member => {
    members.add(member)
    return member
  }
  const leave = async (member: Member): Promise<void> => {
    members.delete(member)
    if (member.kind !== 'admin') await heartbeat.unregister(member)
  }
  /** The broker's side of the newest connection. */
  const brokerSide = () => broker.server.channels.at(-1)

  it('tells every broker of all groups, once, when it connects for that', async () => {
    join(producer('orders'))
    join(consumer('billing'))
    await heartbeat.beat()
    await clock.advance(0)
    expect(broker.takeLog()).toEqual(['HEART_BEAT p:orders c:billing'])
    await heartbeat.beat()
    expect(broker.takeLog()).toEqual(['HEART_BEAT p:orders c:billing'])
    expect(broker.server.channels).toHaveLength(1)
  })

  it('tells nobody where there is no group, and makes no connection', async () => {
    join({ kind: 'admin', group: 'a', topics: none, onBackgroundError: () => undefined })
    await heartbeat.beat()
    expect([broker.takeLog(), broker.server.channels]).toEqual([[], []])
  })

  it.each([
    ['producers alone', [producer('p')], []],
    ['consumers too', [producer('p'), consumer('c')], ['HEART_BEAT p:p c:c']],
  ])('tells slaves where there are %s', async (_who, joining, log) => {
    brokers.set(broker.address, 1)
    joining.forEach(join)
    await heartbeat.beat()
    expect(broker.takeLog()).toEqual(log)
    await remoting.connect(broker.address)
    await clock.advance(0)
    expect(broker.takeLog()).toEqual([])
  })

  it('tells a broker as soon as a connection to it is made for something else', async () => {
    join(producer('orders'))
    await remoting.connect(broker.address)
    await clock.advance(0)
    expect(broker.takeLog()).toEqual(['HEART_BEAT p:orders'])
  })

  it('does so again for the next connection, though it made the first one itself', async () => {
    join(consumer('billing'))
    await heartbeat.beat()
    brokerSide()?.close()
    await clock.advance(0)
    broker.takeLog()
    await remoting.connect(broker.address)
    await clock.advance(0)
    expect(broker.takeLog()).toEqual(['HEART_BEAT c:billing'])
  })

  it('tells nothing to servers that are in no route', async () => {
    brokers.clear()
    join(producer('orders'))
    await remoting.connect(broker.address)
    await clock.advance(0)
    expect(broker.takeLog()).toEqual([])
  })

  it('reports a broker that cannot be told, tells the others, and does not reject', async () => {
    const dead = await deadAddress()
    brokers.set(dead, 0)
    join(producer('orders'))
    await heartbeat.beat()
    expect(errors).toMatchObject([{ code: 'CONNECT_FAILED', address: dead }])
    expect(broker.takeLog()).toEqual(['HEART_BEAT p:orders'])
  })

  it('reports what a broker answers to a heartbeat, too', async () => {
    broker.server.hold(HEART_BEAT)
    join(producer('orders'))
    const beat = heartbeat.beat()
    ;(await broker.server.next(HEART_BEAT)).refuse('SYSTEM_BUSY', 'later')
    await beat
    expect(errors).toMatchObject([{ responseCode: 'SYSTEM_BUSY' }])
  })

  it('reports a group whose data cannot be had as a typed error', async () => {
    const broken = consumer('billing')
    join({
      ...broken,
      consumerData: () => {
        throw new TypeError('a defect')
      },
    })
    await heartbeat.beat()
    expect(errors).toMatchObject([{ code: 'PROTOCOL_ERROR', message: 'a heartbeat failed unexpectedly: a defect' }])
  })

  describe('takes a group away', () => {
    it('from every broker that was told of it, by the connection that told', async () => {
      const member = join(consumer('billing'))
      await heartbeat.beat()
      await leave(member)
      expect(broker.clients.consumers.get('billing')).toBeUndefined()
      expect(broker.takeLog()).toEqual(['HEART_BEAT c:billing', 'UNREGISTER_CLIENT c:billing'])
      expect(broker.server.channels).toHaveLength(1)
    })

    it('from no broker that never heard of it', async () => {
      const first = join(producer('orders'))
      await heartbeat.beat()
      broker.takeLog()
      await leave(join(consumer('billing')))
      expect(broker.takeLog()).toEqual([])
      await leave(first)
    })

    it('from no broker whose connection has closed since: it went with that', async () => {
      const member = join(producer('orders'))
      await heartbeat.beat()
      brokerSide()?.close()
      await clock.advance(0)
      broker.takeLog()
      await leave(member)
      expect(broker.takeLog()).toEqual([])
    })

    it('from no broker that was forgotten', async () => {
      const member = join(producer('orders'))
      await heartbeat.beat()
      heartbeat.forget(broker.address)
      broker.takeLog()
      await leave(member)
      expect(broker.takeLog()).toEqual([])
    })

    it('from no broker that is forgotten while it waits for its turn', async () => {
      const member = join(producer('orders'))
      broker.server.hold(HEART_BEAT)
      const beat = heartbeat.beat()
      const received = await broker.server.next(HEART_BEAT)
      const left = leave(member)
      heartbeat.forget(broker.address)
      await remoting.release(broker.address)
      received.reply({ code: 'SUCCESS', header: {} })
      await Promise.all([beat, left])
      expect([broker.takeLog(), remoting.addresses]).toEqual([[], []])
    })

    it('again where the answer is lost, so that the broker does not close the connection later', async () => {
      const [leaving] = [join(consumer('billing')), join(consumer('audit'))]
      await heartbeat.beat()
      broker.server.hold(UNREGISTER_CLIENT)
      const left = leave(leaving)
      await broker.server.next(UNREGISTER_CLIENT)
      await clock.advance(1500)
      // Something else is answered meanwhile: the connection is alive, only this answer is lost.
      await remoting.invoke(broker.address, HEART_BEAT, {
        body: { clientID: CLIENT_ID, producerDataSet: [], consumerDataSet: [] },
      })
      await clock.advance(1516)
      const again = await broker.server.next(UNREGISTER_CLIENT)
      again.reply({ code: 'SUCCESS' })
      await left
      expect(broker.server.count(UNREGISTER_CLIENT)).toBe(2)
      expect(again.request.header).toMatchObject({ clientID: CLIENT_ID, consumerGroup: 'billing' })
    })

    it('three times at most', async () => {
      const member = join(consumer('billing'))
      await heartbeat.beat()
      broker.server.hold(UNREGISTER_CLIENT)
      const left = leave(member)
      for (let tried = 0; tried < 3; tried++) (await broker.server.next(UNREGISTER_CLIENT)).refuse('SYSTEM_BUSY')
      await left
      expect(broker.server.count(UNREGISTER_CLIENT)).toBe(3)
    })

    it('after a heartbeat under way, which would bring it back', async () => {
      const member = join(consumer('billing'))
      broker.server.hold(HEART_BEAT)
      const beat = heartbeat.beat()
      const received = await broker.server.next(HEART_BEAT)
      const left = leave(member)
      await clock.advance(0)
      expect(broker.server.count(UNREGISTER_CLIENT)).toBe(0)
      received.reply({ code: 'SUCCESS', header: {} })
      await Promise.all([beat, left])
      expect(broker.takeLog()).toEqual(['UNREGISTER_CLIENT c:billing'])
    })

    it('and is told of it no more by a heartbeat that began before', async () => {
      const [staying, leaving] = [join(producer('orders')), join(consumer('billing'))]
      await heartbeat.beat()
      brokerSide()?.close()
      await clock.advance(0)
      broker.takeLog()
      broker.server.hold(UNREGISTER_CLIENT)
      const beat = heartbeat.beat()
      const reregistration = await broker.server.next(UNREGISTER_CLIENT)
      const left = leave(leaving)
      await clock.advance(0)
      reregistration.reply({ code: 'SUCCESS' })
      await Promise.all([beat, left])
      expect(broker.takeLog()).toEqual(['HEART_BEAT p:orders'])
      expect(broker.clients.consumers.get('billing')).toBeUndefined()
      expect(members).toContain(staying)
    })
  })

  describe('has replies reach its producers', () => {
    it('after it has connected anew while the broker still held the old connection', async () => {
      join(producer('orders'))
      await heartbeat.beat()
      const old = brokerSide()
      remoting.openChannel(broker.address)?.close()
      // The broker has not noticed: its side of the old connection is still there when the new one registers.
      await heartbeat.beat()
      await clock.advance(0)
      expect(broker.takeLog()).toEqual(['HEART_BEAT p:orders', 'UNREGISTER_CLIENT p:orders', 'HEART_BEAT p:orders'])
      expect(old?.state).toBe('closed')
      expect(broker.canPushTo(CLIENT_ID)).toBe(true)
    })

    it('after the broker forgets the old connection by its silence, two minutes later', async () => {
      join(producer('orders'))
      await heartbeat.beat()
      remoting.openChannel(broker.address)?.close()
      await heartbeat.beat()
      expect(broker.canPushTo(CLIENT_ID)).toBe(true)
      broker.takeLog()
      // What a real broker does when it drops the older registration: the newer one loses its place as well.
      const ghost = fakeChannel()
      const [registration] = broker.clients.producers.members('orders') ?? []
      broker.clients.producers.register('orders', { ...(registration as ClientRegistration), channel: ghost })
      broker.clients.producers.onChannelClosed(ghost)
      expect(broker.canPushTo(CLIENT_ID)).toBe(false)
      for (let time = 0; time < 150_000; time += 30_000) {
        await clock.advance(30_000)
        await heartbeat.beat()
      }
      expect(broker.log.filter(line => line === 'UNREGISTER_CLIENT p:orders')).toHaveLength(1)
      expect(broker.canPushTo(CLIENT_ID)).toBe(true)
    })

    it('after an older connection of its own has closed', async () => {
      join(producer('orders'))
      await heartbeat.beat()
      const first = remoting.openChannel(broker.address)
      await clock.advance(100_001)
      await heartbeat.beat()
      await clock.advance(0)
      expect(first?.state).toBe('closed')
      expect(broker.log.slice(-2)).toEqual(['UNREGISTER_CLIENT p:orders', 'HEART_BEAT p:orders'])
      expect(broker.canPushTo(CLIENT_ID)).toBe(true)
    })

    it('after an older connection has closed on which an answer was still to come', async () => {
      join(producer('orders'))
      await heartbeat.beat()
      broker.server.hold(GET_MAX_OFFSET)
      const pulled = remoting.invoke(broker.address, GET_MAX_OFFSET, numbered(1), { timeoutMs: 600_000 })
      const received = await broker.server.next(GET_MAX_OFFSET)
      await clock.advance(100_001)
      await heartbeat.beat()
      await clock.advance(0)
      broker.takeLog()
      received.reply({ code: 'SUCCESS', header: { offset: 0 } })
      await pulled
      await clock.advance(0)
      expect(broker.takeLog()).toEqual(['UNREGISTER_CLIENT p:orders', 'HEART_BEAT p:orders'])
      expect(broker.canPushTo(CLIENT_ID)).toBe(true)
    })

    it('after one of two producers has left', async () => {
      const [first] = [join(producer('orders')), join(producer('bills'))]
      await heartbeat.beat()
      await leave(first)
      expect(broker.takeLog()).toEqual([
        'HEART_BEAT p:orders p:bills',
        'UNREGISTER_CLIENT p:orders',
        'UNREGISTER_CLIENT p:bills',
        'HEART_BEAT p:bills',
      ])
      expect(broker.canPushTo(CLIENT_ID)).toBe(true)
    })

    it('with no more ado after a consumer has left', async () => {
      const [, leaving] = [join(producer('orders')), join(consumer('billing'))]
      await heartbeat.beat()
      await leave(leaving)
      expect(broker.takeLog().slice(1)).toEqual(['UNREGISTER_CLIENT c:billing'])
      expect(broker.canPushTo(CLIENT_ID)).toBe(true)
    })

    it('also where the answer to its new registration was lost the first time', async () => {
      const [first] = [join(producer('orders')), join(producer('bills'))]
      await heartbeat.beat()
      broker.takeLog()
      broker.server.hold(HEART_BEAT)
      const left = leave(first)
      ;(await broker.server.next(HEART_BEAT)).refuse('SYSTEM_BUSY')
      await left
      expect(broker.canPushTo(CLIENT_ID)).toBe(false)
      broker.takeLog()
      const beat = heartbeat.beat()
      const again = await broker.server.next(HEART_BEAT)
      expect(broker.takeLog()).toEqual(['UNREGISTER_CLIENT p:bills'])
      again.reply({ code: 'SUCCESS', header: {} })
      await beat
    })

    it('without being registered anew when a connection closes that carried no heartbeat', async () => {
      join(producer('orders'))
      await heartbeat.beat()
      await remoting.invokeAside(broker.address, HEART_BEAT, {
        body: { clientID: CLIENT_ID, producerDataSet: [], consumerDataSet: [] },
      })
      broker.takeLog()
      brokerSide()?.close()
      await clock.advance(0)
      expect(broker.takeLog()).toEqual([])
      expect(broker.canPushTo(CLIENT_ID)).toBe(true)
    })
  })
})
