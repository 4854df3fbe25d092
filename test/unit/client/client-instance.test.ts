import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { ClientInstance } from '../../../lib/client/client-instance'
import { NOTIFY_CONSUMER_IDS_CHANGED } from '../../../lib/commands/callback'
import { CHECK_CLIENT_CONFIG, HEART_BEAT } from '../../../lib/commands/client'
import { GET_ROUTEINFO_BY_TOPIC } from '../../../lib/commands/route'
import { encodeRequest } from '../../../lib/commands/command'
import { Refusal } from '../../../lib/remoting/refusal'
import { ClientSite, adminOf, consumerOf, producerOf } from '../../support/client-site'
import { subscription } from '../../support/emulator-site'
import { deadAddress } from '../../support/loopback'

describe('ClientInstance', () => {
  let site: ClientSite
  const clients: ClientInstance[] = []

  beforeEach(async () => {
    site = await ClientSite.start()
    site.topic('T')
  })
  afterEach(async () => {
    await site.stop()
    await Promise.all(clients.splice(0).map(client => client.shutdown()))
  })

  const create = (advanced?: object, namesrvAddr?: string): ClientInstance => {
    const client = new ClientInstance(site.options(advanced, namesrvAddr), '77#ab')
    clients.push(client)
    return client
  }

  it('has an id of address, instance and unit', () => {
    expect(create().clientId).toMatch(/^\d+\.\d+\.\d+\.\d+@77#ab$/)
    expect(create({ unitName: 'u' }).clientId).toMatch(/@77#ab@u$/)
  })

  describe('takes a member in', () => {
    it('and asks for the routes of its topics, each once', async () => {
      const client = create()
      const producer = producerOf('p', 'T', 'T', 'unknown')
      await client.join(producer, {})
      expect(site.asked.sort()).toEqual(['T', 'unknown'])
      expect(client.routes.masterAddress('b')).toBe(site.broker.address)
      expect(producer.told.changed).toEqual(['T'])
      expect([...client.members]).toEqual([producer])
    })

    it('and fails where no name server can be reached, after it has asked for all', async () => {
      const client = create({}, await deadAddress())
      await expect(client.join(producerOf('p', 'T'), {})).rejects.toMatchObject({ code: 'NO_NAME_SERVER' })
    })

    it('and stops asking when it is aborted', async () => {
      site.nameServer.hold(GET_ROUTEINFO_BY_TOPIC)
      const abort = new AbortController()
      const joined = create().join(producerOf('p', 'T'), { signal: abort.signal })
      const stopped = expect(joined).rejects.toThrow('enough')
      await site.nameServer.next(GET_ROUTEINFO_BY_TOPIC)
      abort.abort(new Error('enough'))
      await stopped
    })

    const wanting = (subString: string, clientOfBroker = consumerOf('c', 'T')) => {
      const data = subscription('T', { expressionType: 'SQL92', subString })
      const consumerData = () => ({ ...clientOfBroker.consumerData(), subscriptionDataSet: [data] })
      return { ...clientOfBroker, consumerData }
    }

    it('but asks brokers about its conditions before any of them hears of it', async () => {
      site.broker.server.hold(CHECK_CLIENT_CONFIG)
      const client = create()
      const consumer = wanting('a > 1')
      const joined = client.join(consumer, {})
      const asked = await site.broker.server.next(CHECK_CLIENT_CONFIG)
      expect(asked.request.body).toMatchObject({
        clientId: client.clientId,
        group: 'c',
        subscriptionData: { topic: 'T', subString: 'a > 1' },
      })
      await client.heartbeat()
      expect([[...client.members], site.broker.log]).toEqual([[], []])
      asked.reply({ code: 'SUCCESS' })
      await joined
      expect([...client.members]).toEqual([consumer])
    })

    it('but not where a broker refuses its conditions', async () => {
      site.broker.server.hold(CHECK_CLIENT_CONFIG)
      const client = create()
      const failed = expect(client.join(wanting('a >'), {})).rejects.toMatchObject({ code: 'INVALID_EXPRESSION' })
      ;(await site.broker.server.next(CHECK_CLIENT_CONFIG)).refuse('SUBSCRIPTION_PARSE_FAILED')
      await failed
      expect([...client.members]).toEqual([])
    })

    it('and tells it of brokers that could not be asked', async () => {
      const client = create()
      const consumer = wanting('a > 1')
      site.topic('T', { address: await deadAddress() })
      await client.join(consumer, {})
      expect(consumer.told.errors).toMatchObject([{ code: 'CONNECT_FAILED' }])
    })

    it('but not where it has given up while name servers were looked for', async () => {
      const client = create()
      const enough = new Error('enough')
      const joined = client.join(producerOf('p', 'T'), { signal: AbortSignal.abort(enough) })
      await expect(joined).rejects.toMatchObject({ code: 'ABORTED', cause: enough })
      expect([...client.members]).toEqual([])
    })
  })

  it('asks for few routes at a time', async () => {
    site.nameServer.hold(GET_ROUTEINFO_BY_TOPIC)
    const topics = Array.from({ length: 20 }, (_, i) => `T${i}`)
    const refreshed = create().refreshRoutes(topics, {})
    await site.clock.advance(0)
    expect(site.nameServer.count(GET_ROUTEINFO_BY_TOPIC)).toBe(8)
    for (let answered = 0; answered < 20; answered++)
      (await site.nameServer.next(GET_ROUTEINFO_BY_TOPIC)).reply({ code: 'TOPIC_NOT_EXIST' })
    await refreshed
  })

  it('takes a member in whose topics are denied, and tells of each once, until it is allowed', async () => {
    const client = create()
    const producer = producerOf('p', 'T', 'Denied')
    let isDenied = true
    site.nameServer.handlers.on(GET_ROUTEINFO_BY_TOPIC, ({ header }) => {
      const remark = `User:bob has no permission to access Topic:${header.topic} from 127.0.0.1, no matched policies.`
      if (header.topic === 'Denied' && isDenied) throw new Refusal('SYSTEM_ERROR', remark)
      return { code: 'SUCCESS', body: { queueDatas: [], brokerDatas: [] } } as const
    })
    await client.join(producer, {})
    await client.refreshRoutes(['T', 'Denied'], {})
    expect(producer.told.errors).toMatchObject([{ code: 'PERMISSION_DENIED', topic: 'Denied' }])
    for (isDenied of [false, true]) await client.refreshRoutes(['Denied'], {})
    expect(producer.told.errors).toHaveLength(2)
  })

  it('tells of the first failure after it has asked for every route', async () => {
    site.nameServer.hold(GET_ROUTEINFO_BY_TOPIC)
    const client = create()
    const failed = expect(client.refreshRoutes(['A', 'B', 'C'], {})).rejects.toMatchObject({
      responseCode: 'NO_PERMISSION',
    })
    for (let asked = 0; asked < 3; asked++) {
      const received = await site.nameServer.next(GET_ROUTEINFO_BY_TOPIC)
      if (received.request.header.topic === 'B') received.refuse('NO_PERMISSION')
      else received.reply({ code: 'SUCCESS', body: { queueDatas: [], brokerDatas: [] } })
    }
    await failed
    expect([client.routes.get('A'), client.routes.get('C')]).toEqual([expect.anything(), expect.anything()])
  })

  describe('lets a member go', () => {
    it('and tells the brokers', async () => {
      const client = create()
      const consumer = consumerOf('c', 'T')
      await client.join(consumer, {})
      await client.heartbeat()
      await client.leave(consumer)
      expect(site.broker.takeLog()).toEqual(['HEART_BEAT c:c', 'UNREGISTER_CLIENT c:c'])
      await client.leave(consumer)
      expect(site.broker.takeLog()).toEqual([])
      expect(client.members.size).toBe(0)
    })

    it('and forgets the topics that no other needs', async () => {
      site.topic('shared')
      const client = create()
      const [leaving, staying] = [producerOf('a', 'T', 'shared'), producerOf('b', 'shared')]
      await client.join(leaving, {})
      await client.join(staying, {})
      await client.leave(leaving)
      expect([client.routes.get('T'), client.routes.get('shared')]).toEqual([undefined, expect.anything()])
    })

    it('and keeps no route that was still being asked for', async () => {
      site.topic('U')
      const client = create()
      const [leaving, staying] = [producerOf('a', 'T'), producerOf('b', 'U')]
      await client.join(leaving, {})
      await client.join(staying, {})
      site.nameServer.hold(GET_ROUTEINFO_BY_TOPIC)
      await site.clock.advance(30_000)
      const asked = [
        await site.nameServer.next(GET_ROUTEINFO_BY_TOPIC),
        await site.nameServer.next(GET_ROUTEINFO_BY_TOPIC),
      ]
      await client.leave(leaving)
      for (const received of asked) received.reply({ code: 'SUCCESS', body: { queueDatas: [], brokerDatas: [] } })
      await site.clock.advance(0)
      expect([client.routes.get('T'), client.routes.get('U')]).toEqual([undefined, { queueDatas: [], brokerDatas: [] }])
    })

    it('and tells nobody of one that brokers never heard of', async () => {
      const client = create()
      const admin = adminOf('a', 'T')
      await client.join(admin, {})
      await client.heartbeat()
      await client.leave(admin)
      expect(site.broker.takeLog()).toEqual([])
    })
  })

  describe('from time to time', () => {
    it('asks for the routes of all members, and tells them of changes', async () => {
      const client = create()
      const [first, second] = [producerOf('a', 'T'), consumerOf('b', 'T', 'U')]
      await client.join(first, {})
      await client.join(second, {})
      site.asked.length = 0
      site.topic('T', { queues: 5 })
      await site.clock.advance(30_000)
      expect(site.asked.sort()).toEqual(['T', 'U'])
      expect([first.told.changed, second.told.changed]).toEqual([['T', 'T'], ['T']])
    })

    it('tells brokers of its groups', async () => {
      const client = create()
      await client.join(producerOf('p', 'T'), {})
      await site.clock.advance(30_000)
      await site.clock.advance(30_000)
      expect(site.broker.takeLog()).toEqual(['HEART_BEAT p:p', 'HEART_BEAT p:p'])
    })

    it('gives up connections to brokers that are in no route any more', async () => {
      const client = create()
      await client.join(producerOf('p', 'T'), {})
      await client.heartbeat()
      site.topic('T', { address: await deadAddress() })
      await site.clock.advance(30_000)
      await site.clock.advance(30_000)
      expect(client.remoting.addresses).not.toContain(site.broker.address)
      expect(client.remoting.addresses).toContain(site.nameServer.address)
      expect(site.broker.server.channels).toEqual([])
    })

    it('tells its members what went wrong, in words, and goes on', async () => {
      const client = create()
      const producer = producerOf('p', 'T')
      await client.join(producer, {})
      await site.nameServer.stop()
      await site.clock.advance(30_000)
      expect(producer.told.errors).toMatchObject([{ code: 'NO_NAME_SERVER' }])
      expect(site.logger.lines.join('\n')).toContain('the periodic task "ask for routes" failed')
      await site.nameServer.start()
      await site.clock.advance(32_000)
      site.asked.length = 0
      await site.clock.advance(32_000)
      expect(site.asked).toEqual(['T'])
    })

    it('asks the address server, ten seconds after it was made and every two minutes', async () => {
      const at: number[] = []
      const http = createServer((_request, response) => {
        at.push(site.clock.monotonic())
        response.end(site.nameServer.address)
      }).listen(0, '127.0.0.1')
      await once(http, 'listening')
      const client = create({}, `http://127.0.0.1:${(http.address() as AddressInfo).port}/nsaddr`)
      await client.join(producerOf('p', 'T'), {})
      expect(client.nameServers.addresses).toEqual([site.nameServer.address])
      for (let time = 0; time < 260_000; time += 10_000) await site.clock.advance(10_000)
      expect(at).toEqual([0, 10_000, 130_000, 250_000])
      await new Promise(resolve => http.close(resolve))
    })
  })

  it('tells its members when a connection closes, and which', async () => {
    const client = create()
    const consumer = consumerOf('c', 'T')
    await client.join(consumer, {})
    await client.heartbeat()
    site.broker.server.channels[0]?.close()
    await site.clock.advance(0)
    expect(consumer.told.disconnected).toEqual([site.broker.address])
  })

  describe('when a connection to a broker is made again', () => {
    it('tells the broker of its groups, and then its members', async () => {
      const client = create()
      const consumer = consumerOf('c', 'T')
      await client.join(consumer, {})
      await client.heartbeat()
      site.broker.takeLog()
      const told: unknown[] = []
      consumer.onReconnected = () => void told.push(site.broker.takeLog())
      site.broker.server.channels[0]?.close()
      await site.clock.advance(0)
      expect(told).toEqual([])
      await client.remoting.connect(site.broker.address)
      await site.clock.advance(0)
      expect(told).toEqual([['HEART_BEAT c:c']])
    })

    it('leaves the members alone where it is one beside the primary connection', async () => {
      const client = create()
      const consumer = consumerOf('c', 'T')
      await client.join(consumer, {})
      const empty = { body: { clientID: 'x', producerDataSet: [], consumerDataSet: [] } }
      for (let times = 0; times < 2; times++) {
        await client.remoting.invokeAside(site.broker.address, HEART_BEAT, empty)
        site.broker.server.channels[0]?.close()
        await site.clock.advance(0)
      }
      expect(consumer.told.reconnected).toBe(0)
      expect(site.broker.takeLog()).toEqual(['HEART_BEAT', 'HEART_BEAT'])
    })
  })

  it('has requests of brokers answered by the groups that they name', async () => {
    const client = create()
    const told: string[] = []
    const end = client.handle(NOTIFY_CONSUMER_IDS_CHANGED, 'g', ({ header }) => void told.push(header.consumerGroup))
    await client.remoting.connect(site.broker.address)
    const notify = encodeRequest(NOTIFY_CONSUMER_IDS_CHANGED, { header: { consumerGroup: 'g' } })
    await site.clock.advance(0)
    site.broker.server.channels[0]?.oneway(notify)
    await site.clock.advance(0)
    end()
    site.broker.server.channels[0]?.oneway(notify)
    await site.clock.advance(0)
    expect(told).toEqual(['g'])
  })

  it('reports failures to every member and to the log, with a type of their own', async () => {
    const client = create()
    const members = [producerOf('p'), consumerOf('c'), adminOf('a')]
    for (const member of members) await client.join(member, {})
    client.report('offsets could not be written', new TypeError('a defect'))
    for (const { told } of members)
      expect(told.errors).toMatchObject([
        { code: 'INVALID_STATE', message: 'offsets could not be written', cause: { message: 'a defect' } },
      ])
    expect(site.logger.lines.at(-1)).toContain('offsets could not be written error=a defect')
  })

  describe('learns the version of a broker', () => {
    it('by a heartbeat that registers nothing, once', async () => {
      const client = create()
      await expect(client.learnVersion(site.broker.address, {})).resolves.toBe(513)
      await expect(client.learnVersion(site.broker.address, {})).resolves.toBe(513)
      expect(site.broker.takeLog()).toEqual(['HEART_BEAT'])
      expect(site.broker.clients.producers.members('p')).toBeUndefined()
    })

    it('from whatever it has said already', async () => {
      const client = create()
      await client.join(producerOf('p', 'T'), {})
      await client.heartbeat()
      site.broker.takeLog()
      await expect(client.learnVersion(site.broker.address, {})).resolves.toBe(513)
      expect(site.broker.takeLog()).toEqual([])
    })

    it('or fails within the time of the call', async () => {
      site.broker.server.hold(HEART_BEAT)
      const failed = expect(create().learnVersion(site.broker.address, { timeoutMs: 100 })).rejects.toMatchObject({
        code: 'REQUEST_TIMEOUT',
      })
      await site.broker.server.next(HEART_BEAT)
      await site.clock.advance(116)
      await failed
    })
  })

  it.each([
    [undefined, 'OTHER', 'NODE_JS'],
    ['GO', 'GO', 'GO'],
  ])('announces itself (language %p) as %s until it knows that the server knows %s', async (language, first, later) => {
    const client = create({ language })
    await client.learnVersion(site.broker.address, {})
    await client.join(producerOf('p', 'T'), {})
    await client.heartbeat()
    expect(site.broker.server.frames.map(frame => [frame.language, frame.version])).toEqual([
      [first, 477],
      [later, 477],
    ])
  })

  it('leaves nothing behind after its shutdown', async () => {
    const client = create()
    const producer = producerOf('p', 'T')
    await client.join(producer, {})
    await client.heartbeat()
    await client.leave(producer)
    site.broker.takeLog()
    await client.shutdown()
    await site.clock.advance(0)
    expect([site.nameServer.channels, site.broker.server.channels]).toEqual([[], []])
    const timers = jest.spyOn(site.clock, 'after')
    await site.clock.advance(300_000)
    expect(timers).not.toHaveBeenCalled()
    expect(site.broker.takeLog()).toEqual([])
  })
})
