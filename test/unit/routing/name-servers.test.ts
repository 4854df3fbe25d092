import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { GET_KV_CONFIG, PUT_KV_CONFIG } from '../../../lib/commands/route'
import { RESPONSE_CODES, brokerError } from '../../../lib/commands/response-code'
import { RemotingClient } from '../../../lib/remoting/remoting-client'
import { NameServers, type NameServersOptions } from '../../../lib/routing/name-servers'
import { ManualClock } from '../../../lib/runtime/manual-clock'
import { clientOptions, deadAddress } from '../../support/loopback'
import { silentLog } from '../../support/recording-log'
import { ScriptedServer } from '../../support/scripted-server'

const QUESTION = { header: { namespace: 'n', key: 'k' } }

describe('NameServers', () => {
  let clock: ManualClock
  let remoting: RemotingClient
  const servers: ScriptedServer[] = []

  beforeEach(() => {
    clock = new ManualClock()
    remoting = new RemotingClient(clientOptions(clock))
  })
  afterEach(async () => {
    await Promise.all(servers.splice(0).map(server => server.stop()))
    await remoting.close()
  })

  const create = (
    namesrvAddr: NameServersOptions['namesrvAddr'],
    options: Partial<NameServersOptions> = {},
  ): NameServers =>
    new NameServers({ namesrvAddr, remoting, clock, log: silentLog(clock), requestTimeoutMs: 3000, ...options })

  /** A server that answers with its name. */
  const serve = async (name: string): Promise<ScriptedServer> => {
    const server = await ScriptedServer.start({ clock })
    server.handlers.on(GET_KV_CONFIG, () => ({ code: 'SUCCESS' as const, header: { value: name } }))
    servers.push(server)
    return server
  }
  const ask = async (nameServers: NameServers, timeoutMs?: number): Promise<string | undefined> => {
    const reply = await nameServers.invoke(GET_KV_CONFIG, QUESTION, { timeoutMs })
    return reply.code === 'SUCCESS' ? reply.header.value : undefined
  }

  it.each<[NameServersOptions['namesrvAddr'], string[]]>([
    ['h1:9876;h2:9876', ['h1:9876', 'h2:9876']],
    [' h1:9876 , h2:9876; ', ['h1:9876', 'h2:9876']],
    [
      ['h1:9876', 'h2:9876;h3:9876'],
      ['h1:9876', 'h2:9876', 'h3:9876'],
    ],
    ['[::1]:9876;h1:9876', ['[::1]:9876', 'h1:9876']],
    ['h1:9876;h1:9876', ['h1:9876']],
    ['http://MQ_INST_1_2.mq.example.org:80', ['MQ_INST_1_2.mq.example.org:80']],
  ])('takes the list %j, in any order', (given, addresses) => {
    const nameServers = create(given)
    expect([...nameServers.addresses].sort()).toEqual(addresses.sort())
    expect(nameServers.isDynamic).toBe(false)
  })

  it('begins with any of them, so that clients spread', () => {
    const list = 'h1:1;h2:1;h3:1'
    expect(new Set(Array.from({ length: 100 }, () => create(list).addresses[0])).size).toBe(3)
  })

  it.each([
    ['', 'NO_NAME_SERVER'],
    [' ; ', 'NO_NAME_SERVER'],
    ['h1', 'INVALID_ARGUMENT'],
    ['h1:9876;h2', 'INVALID_ARGUMENT'],
    ['http://a b/nsaddr', 'INVALID_ARGUMENT'],
  ])('refuses %j with %s', (given, code) => {
    expect(() => create(given)).toThrow(expect.objectContaining({ code }))
  })

  describe('asks', () => {
    it('the same server as long as it answers', async () => {
      const [first, second] = [await serve('a'), await serve('b')]
      const nameServers = create([first.address, second.address])
      const names = new Set([await ask(nameServers), await ask(nameServers), await ask(nameServers)])
      expect(names.size).toBe(1)
    })

    it('the next server within the same call where one cannot be reached, and stays with that', async () => {
      const living = await serve('living')
      const dead = [await deadAddress(), await deadAddress()]
      const nameServers = create([...dead, living.address])
      await expect(ask(nameServers)).resolves.toBe('living')
      await expect(ask(nameServers)).resolves.toBe('living')
    })

    it('the next server where one is silent, in good time for the answer', async () => {
      const [silent, living] = [await serve('silent'), await serve('living')]
      silent.hold(GET_KV_CONFIG)
      const pair = [silent.address, living.address]
      let nameServers = create(pair)
      // Which one is asked first is a matter of chance.
      while (nameServers.addresses[0] !== silent.address) nameServers = create(pair)
      const answer = ask(nameServers, 2000)
      await clock.advance(1016)
      await expect(answer).resolves.toBe('living')
      expect(silent.count(GET_KV_CONFIG)).toBe(1)
    })

    it('a server that failed no more as long as the next one answers, round and round', async () => {
      const pair = [await serve('a'), await serve('b')]
      let failing: ScriptedServer | undefined
      let failures = 0
      for (const server of pair) {
        server.handlers.on(GET_KV_CONFIG, () => {
          if (server !== failing) return { code: 'SUCCESS' as const, header: { value: 'living' } }
          failures++
          throw brokerError(RESPONSE_CODES.SYSTEM_BUSY.code, 'not now')
        })
      }
      const nameServers = create(pair.map(({ address }) => address))
      for (let round = 0; round < 6; round++) {
        failing = pair[round % 2]
        failures = 0
        expect([await ask(nameServers), await ask(nameServers), await ask(nameServers)]).toEqual(
          Array(3).fill('living'),
        )
        // Which one is asked first is a matter of chance.
        expect(round === 0 ? Math.max(1, failures) : failures).toBe(1)
      }
    })

    it.each(['SYSTEM_ERROR', 'SYSTEM_BUSY'] as const)('the next server where one answers %s', async code => {
      const [busy, living] = [await serve('busy'), await serve('living')]
      busy.hold(GET_KV_CONFIG)
      const refuse = busy.next(GET_KV_CONFIG).then(received => received.refuse(code))
      let answers = 0
      while (busy.count(GET_KV_CONFIG) === 0) {
        expect(await ask(create([busy.address, living.address]))).toBe('living')
        expect(++answers).toBeLessThan(100)
      }
      await refuse
    })

    it('nobody else where the answer is one', async () => {
      const servers = [await serve('a'), await serve('b')]
      for (const server of servers) server.hold(GET_KV_CONFIG)
      const answer = ask(create(servers.map(({ address }) => address)))
      const refused = expect(answer).rejects.toMatchObject({ responseCode: 'NO_PERMISSION' })
      const received = await Promise.race(servers.map(server => server.next(GET_KV_CONFIG)))
      received.refuse('NO_PERMISSION')
      await refused
      expect(servers.map(server => server.count(GET_KV_CONFIG)).sort()).toEqual([0, 1])
    })

    it('the next server for all who ask at once, when one has gone: none is passed over twice', async () => {
      const living = await serve('living')
      for (let tries = 0; tries < 8; tries++) {
        const nameServers = create([living.address, await deadAddress()])
        const answers = Array.from({ length: 8 }, () => ask(nameServers))
        await expect(Promise.all(answers)).resolves.toEqual(Array(8).fill('living'))
      }
    })

    it('nobody any more once it is aborted', async () => {
      const servers = [await serve('a'), await serve('b')]
      for (const server of servers) server.hold(GET_KV_CONFIG)
      const abort = new AbortController()
      const answer = create(servers.map(({ address }) => address)).invoke(GET_KV_CONFIG, QUESTION, {
        signal: abort.signal,
      })
      const reason = new Error('enough')
      const aborted = expect(answer).rejects.toMatchObject({ code: 'ABORTED', cause: reason })
      await Promise.race(servers.map(server => server.next(GET_KV_CONFIG)))
      abort.abort(reason)
      await aborted
      expect(servers.map(server => server.count(GET_KV_CONFIG)).sort()).toEqual([0, 1])
    })
  })

  it('fails with the reason of each server where none answers', async () => {
    const silent = await serve('silent')
    silent.hold(GET_KV_CONFIG)
    const dead = await deadAddress()
    const nameServers = create([silent.address, dead])
    const failed = nameServers.invoke(GET_KV_CONFIG, QUESTION).catch((error: unknown) => error)
    await clock.advance(6100)
    const error = (await failed) as Error
    expect(error).toMatchObject({
      code: 'NO_NAME_SERVER',
      command: 'GET_KV_CONFIG',
      retriable: true,
      message: expect.stringContaining('no name server answered GET_KV_CONFIG'),
      cause: { errors: [{}, {}] },
    })
    expect(error.message).toContain(`cannot connect to ${dead}: connect ECONNREFUSED`)
    expect(error.message).toContain(`no reply to GET_KV_CONFIG from ${silent.address} within 3000 ms`)
  })

  it('has the one reason as the cause where there is one server', async () => {
    const failed = ask(create(await deadAddress()))
    await expect(failed).rejects.toMatchObject({ code: 'NO_NAME_SERVER', cause: { code: 'CONNECT_FAILED' } })
  })

  it('takes no longer than its time for all of them', async () => {
    const servers = [await serve('a'), await serve('b'), await serve('c')]
    for (const server of servers) server.hold(GET_KV_CONFIG)
    const failed = expect(ask(create(servers.map(({ address }) => address)), 900)).rejects.toMatchObject({
      code: 'NO_NAME_SERVER',
    })
    await clock.advance(900 + 16)
    await failed
  })

  describe('for administration', () => {
    it('asks every server', async () => {
      const servers = [await serve('a'), await serve('b')]
      for (const server of servers) server.handlers.on(PUT_KV_CONFIG, () => ({ code: 'SUCCESS' as const }))
      const nameServers = create(servers.map(({ address }) => address))
      await nameServers.invokeAll(PUT_KV_CONFIG, { header: { namespace: 'n', key: 'k', value: 'v' } })
      expect(servers.map(server => server.count(PUT_KV_CONFIG))).toEqual([1, 1])
    })

    it('fails where one of them fails', async () => {
      const server = await serve('a')
      const nameServers = create([server.address, await deadAddress()])
      await expect(nameServers.invokeAll(GET_KV_CONFIG, QUESTION)).rejects.toMatchObject({ code: 'CONNECT_FAILED' })
    })

    it('tells what became of each, in the order of the addresses', async () => {
      const server = await serve('a')
      const nameServers = create([server.address, await deadAddress()])
      const outcomes = await nameServers.invokeEach(GET_KV_CONFIG, QUESTION)
      const expected = nameServers.addresses.map(address => (address === server.address ? 'fulfilled' : 'rejected'))
      expect(outcomes.map(({ status }) => status)).toEqual(expected)
    })

    it('fails where there is no server', async () => {
      const nameServers = create('http://127.0.0.1:1/nsaddr')
      await expect(nameServers.invokeAll(GET_KV_CONFIG, QUESTION)).rejects.toMatchObject({ code: 'NO_NAME_SERVER' })
    })
  })

  describe('with an address server', () => {
    let list: string | undefined
    let url: string
    const http = createServer((_request, response) => {
      if (list !== undefined) response.end(list)
    })

    beforeAll(async () => {
      http.listen(0, '127.0.0.1')
      await once(http, 'listening')
      url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/nsaddr`
    })
    afterAll(async () => {
      http.closeAllConnections()
      await new Promise(resolve => http.close(resolve))
    })

    it('has no server before it was asked', async () => {
      const nameServers = create(url)
      expect([nameServers.isDynamic, nameServers.addresses]).toEqual([true, []])
      await expect(ask(nameServers)).rejects.toMatchObject({
        code: 'NO_NAME_SERVER',
        message: 'no name server answered GET_KV_CONFIG (the list is empty): none could be asked',
      })
    })

    it('takes the list over', async () => {
      const server = await serve('a')
      list = `${server.address}\n`
      const nameServers = create(url)
      await nameServers.refresh()
      await expect(ask(nameServers)).resolves.toBe('a')
    })

    it('gives up connections to servers that have left the list, and keeps the others', async () => {
      const [stays, leaves] = [await serve('stays'), await serve('leaves')]
      const nameServers = create(url)
      list = `${stays.address};${leaves.address}`
      await nameServers.refresh()
      await Promise.all([remoting.connect(stays.address), remoting.connect(leaves.address)])
      list = stays.address
      await nameServers.refresh()
      expect(remoting.addresses).toEqual([stays.address])
      expect(nameServers.addresses).toEqual([stays.address])
    })

    it('keeps its choice where the list is the same in another order', async () => {
      const nameServers = create(url)
      list = 'h1:1;h2:1;h3:1'
      await nameServers.refresh()
      const before = nameServers.addresses
      list = 'h3:1;h2:1;h1:1'
      await nameServers.refresh()
      expect(nameServers.addresses).toBe(before)
    })

    it.each([
      ['<html>nope</html>', 'NO_NAME_SERVER'],
      ['', 'NO_NAME_SERVER'],
    ])('keeps its list where the answer is %j', async (answer, code) => {
      const nameServers = create(url)
      list = 'h1:1'
      await nameServers.refresh()
      list = answer
      await expect(nameServers.refresh()).rejects.toMatchObject({ code })
      expect(nameServers.addresses).toEqual(['h1:1'])
    })

    it('waits for it no longer than for a request', async () => {
      list = undefined
      const failed = expect(create(url).refresh()).rejects.toThrow('no answer within 3000 ms')
      await clock.advance(3000)
      await failed
    })

    it('leaves no timer behind', async () => {
      const cancels: jest.SpyInstance[] = []
      const after = clock.after.bind(clock)
      jest.spyOn(clock, 'after').mockImplementation((ms, callback) => {
        const timer = after(ms, callback)
        cancels.push(jest.spyOn(timer, 'cancel'))
        return timer
      })
      list = 'h1:1'
      await create(url).refresh()
      expect(cancels.map(cancel => cancel.mock.calls.length)).toEqual([1])
    })

    it('does nothing where there is none', async () => {
      const nameServers = create('h1:1')
      await nameServers.refresh()
      expect(nameServers.addresses).toEqual(['h1:1'])
    })
  })
})
