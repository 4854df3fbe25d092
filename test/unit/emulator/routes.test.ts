import { RouteTables } from '../../../lib/emulator/routes'
import { topicConfig } from '../../../lib/emulator/topics'

const MASTER = { clusterName: 'c', brokerName: 'broker-a', brokerId: 0, address: 'h:1' }
const SLAVE = { ...MASTER, brokerId: 1, address: 'h:2' }
const OTHER = { ...MASTER, brokerName: 'broker-b', address: 'h:3' }

describe('RouteTables', () => {
  it('tells the brokers of a topic, with queues and addresses', () => {
    const routes = new RouteTables()
    routes.register(MASTER, [topicConfig('Orders', 4, { perm: 4 })])
    routes.register(SLAVE, [])
    routes.register(OTHER, [topicConfig('Orders', 2)])
    expect(routes.route('Orders')).toEqual({
      queueDatas: [
        { brokerName: 'broker-a', readQueueNums: 4, writeQueueNums: 4, perm: 4, topicSysFlag: 0 },
        { brokerName: 'broker-b', readQueueNums: 2, writeQueueNums: 2, perm: 6, topicSysFlag: 0 },
      ],
      brokerDatas: [
        {
          cluster: 'c',
          brokerName: 'broker-a',
          brokerAddrs: new Map([
            [0, 'h:1'],
            [1, 'h:2'],
          ]),
        },
        { cluster: 'c', brokerName: 'broker-b', brokerAddrs: new Map([[0, 'h:3']]) },
      ],
    })
    expect(routes.route('Unknown')).toBeUndefined()
  })

  it('tells of every broker what all of them say', () => {
    const routes = new RouteTables({ enableActingMaster: false })
    routes.register(MASTER, [topicConfig('Orders', 4)])
    expect(routes.route('Orders')?.brokerDatas).toMatchObject([{ enableActingMaster: false }])
    expect(routes.clusterInfo().brokerAddrTable.get('broker-a')).toMatchObject({ enableActingMaster: false })
  })

  it('keeps the topics of a master that is gone while a slave is up', () => {
    const routes = new RouteTables()
    routes.register(MASTER, [topicConfig('Orders', 4)])
    routes.register(SLAVE, [])
    routes.unregister(MASTER)
    expect(routes.route('Orders')?.brokerDatas[0]?.brokerAddrs).toEqual(new Map([[1, 'h:2']]))
    routes.unregister(SLAVE)
    expect(routes.route('Orders')).toBeUndefined()
    expect(routes.topicNames()).toEqual([])
  })

  it('leaves a broker alone that is not the one that goes', () => {
    const routes = new RouteTables()
    routes.register(MASTER, [topicConfig('Orders', 4)])
    routes.unregister({ ...MASTER, address: 'h:9' })
    routes.unregister(OTHER)
    expect(routes.route('Orders')).toBeDefined()
  })

  it('tells the brokers of each cluster', () => {
    const routes = new RouteTables()
    routes.register(MASTER, [])
    routes.register(OTHER, [])
    const { clusterAddrTable, brokerAddrTable } = routes.clusterInfo()
    expect(clusterAddrTable).toEqual(new Map([['c', ['broker-a', 'broker-b']]]))
    expect([...brokerAddrTable.keys()]).toEqual(['broker-a', 'broker-b'])
  })

  it('forgets a topic in one cluster or in all', () => {
    const routes = new RouteTables()
    routes.register(MASTER, [topicConfig('Orders', 4)])
    routes.register({ ...OTHER, clusterName: 'd' }, [topicConfig('Orders', 4)])
    routes.deleteTopic('Orders', 'd')
    expect(routes.route('Orders')?.brokerDatas.map(({ brokerName }) => brokerName)).toEqual(['broker-a'])
    routes.deleteTopic('Orders')
    expect(routes.topicNames()).toEqual([])
  })
})
