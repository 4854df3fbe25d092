import { AdminCall } from '../../../lib/admin/admin-call'
import { clusterInfo, everyReader, mastersOf, nameOf, readersOf } from '../../../lib/admin/brokers'
import { acquireClient } from '../../../lib/client/client-registry'
import { resolveClientOptions } from '../../../lib/client/resolve-client-options'
import type { BrokerData } from '../../../lib/model/topic-route'
import { EmulatorSite } from '../../support/emulator-site'

const BROKERS = [{ name: 'broker-b' }, { name: 'broker-a', slaves: 1 }]

async function withCall(run: (call: AdminCall, site: EmulatorSite) => Promise<void>): Promise<void> {
  await using site = await EmulatorSite.start({ brokers: BROKERS })
  const options = resolveClientOptions({ namesrvAddr: site.emulator.namesrvAddr })
  const { client, release } = acquireClient(options, { kind: 'admin', group: 'test' })
  try {
    await run(new AdminCall(client, { timeoutMs: 10_000, signal: new AbortController().signal }), site)
  } finally {
    await release()
  }
}

const broker = (brokerName: string, addresses: [number, string][], cluster = 'c'): BrokerData => ({
  cluster,
  brokerName,
  brokerAddrs: new Map(addresses),
})

describe('mastersOf', () => {
  it('is every master by name where nothing is said', () =>
    withCall(async (call, site) => {
      expect(await mastersOf(call, {})).toEqual([
        { brokerName: 'broker-a', address: site.addressOf(1) },
        { brokerName: 'broker-b', address: site.addressOf(0) },
      ])
    }))

  it('is the masters of one cluster', () =>
    withCall(async (call, { emulator }) => {
      const brokerAddrTable = new Map([
        ['x', broker('x', [[0, 'x:1']], 'one')],
        ['y', broker('y', [[0, 'y:1']], 'two')],
        ['z', broker('z', [[1, 'z:1']], 'two')],
      ])
      const clusterAddrTable = new Map([
        ['one', ['x']],
        ['two', ['y', 'z']],
        ['three', []],
      ])
      const body = { brokerAddrTable, clusterAddrTable }
      emulator.control('GET_BROKER_CLUSTER_INFO', () => ({ code: 'SUCCESS', body }), { times: 3 })
      expect(await mastersOf(call, { clusterName: 'two' })).toEqual([{ brokerName: 'y', address: 'y:1' }])
      const notFound = (message: RegExp): object => ({
        code: 'BROKER_NOT_FOUND',
        message: expect.stringMatching(message) as string,
      })
      await expect(mastersOf(call, { clusterName: 'three' })).rejects.toMatchObject(
        notFound(/no master of cluster three/),
      )
      await expect(mastersOf(call, { clusterName: 'four' })).rejects.toMatchObject(
        notFound(/four; there is one, two, three/),
      )
    }))

  it('is one broker by its address, with its name where a name server knows it', () =>
    withCall(async (call, site) => {
      const brokerAddress = site.addressOf(1)
      expect(await mastersOf(call, { brokerAddress })).toEqual([{ brokerName: 'broker-a', address: brokerAddress }])
      const elsewhere = { brokerAddress: 'elsewhere:10911' }
      expect(await mastersOf(call, elsewhere)).toEqual([{ brokerName: 'elsewhere:10911', address: 'elsewhere:10911' }])
    }))

  it('rejects where no broker is there', () =>
    withCall(async (call, { emulator }) => {
      const body = { brokerAddrTable: new Map(), clusterAddrTable: new Map() }
      emulator.control('GET_BROKER_CLUSTER_INFO', () => ({ code: 'SUCCESS', body }))
      await expect(mastersOf(call, {})).rejects.toMatchObject({ code: 'BROKER_NOT_FOUND' })
    }))
})

describe('readersOf', () => {
  it('is the master of each name, or a slave where there is none', () => {
    const route = {
      brokerDatas: [
        broker('b', [[2, 'b:2']]),
        broker('a', [
          [1, 'a:1'],
          [0, 'a:0'],
        ]),
        broker('c', []),
      ],
    }
    expect(readersOf(route)).toEqual([
      { brokerName: 'a', address: 'a:0' },
      { brokerName: 'b', address: 'b:2' },
    ])
  })
})

describe('everyReader and nameOf', () => {
  it('know every broker that a name server knows', () =>
    withCall(async (call, site) => {
      expect((await everyReader(call)).map(({ brokerName }) => brokerName)).toEqual(['broker-a', 'broker-b'])
      const info = await clusterInfo(call)
      expect(nameOf(info, site.addressOf(2))).toBe('broker-a')
      expect(nameOf(info, '127.0.0.1:1')).toBeUndefined()
    }))
})
