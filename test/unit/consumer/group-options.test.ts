import { allocateAveragely } from '../../../lib/consumer/allocate/averagely'
import { LocalFileOffsetStore } from '../../../lib/consumer/offsets/local-file-offset-store'
import { type GroupOptions, checkedName, resolveGroupOptions } from '../../../lib/consumer/group-options'

const resolve = (options: Partial<GroupOptions> = {}) => resolveGroupOptions({ consumerGroup: 'g', ...options })
const STORE = new LocalFileOffsetStore({ clientId: 'c', consumerGroup: 'g' })

describe('what the options of all consumers say of their group', () => {
  it('has the defaults of Java', () => {
    expect(resolve()).toEqual({
      consumerGroup: 'g',
      messageModel: 'CLUSTERING',
      consumeFromWhere: 'CONSUME_FROM_LAST_OFFSET',
      consumeTimestamp: undefined,
      allocateStrategy: allocateAveragely,
      offsetStore: undefined,
      localOffsetStoreDir: undefined,
      broadcastOffsetKey: undefined,
      persistConsumerOffsetIntervalMs: 5000,
      messageFilters: [],
    })
  })

  it('takes a time to begin at in three forms', () => {
    const date = new Date(2024, 1, 29, 13, 5, 9)
    for (const consumeTimestamp of [date, date.getTime(), '20240229130509'])
      expect(resolve({ consumeTimestamp }).consumeTimestamp).toBe(date.getTime())
  })

  it.each<[string, object]>([
    ['messageModel', { messageModel: 'clustering' }],
    ['consumeFromWhere', { consumeFromWhere: 'first' }],
    ['consumeTimestamp', { consumeTimestamp: '20240230000000' }],
    ['consumeTimestamp', { consumeTimestamp: new Date(NaN) }],
    ['allocateStrategy', { allocateStrategy: {} }],
    ['offsetStore', { offsetStore: { load: () => undefined } }],
    ['persistConsumerOffsetIntervalMs', { persistConsumerOffsetIntervalMs: 0 }],
    ['messageFilters', { messageFilters: [5 as never] }],
    ['broadcastOffsetKey', { broadcastOffsetKey: 'a' }],
    ['broadcastOffsetKey', { broadcastOffsetKey: 'a b', messageModel: 'BROADCASTING' }],
    ['broadcastOffsetKey', { broadcastOffsetKey: 'a', messageModel: 'BROADCASTING', offsetStore: STORE }],
    ['messageFilters', { messageFilters: (() => true) as never }],
  ])('is refused where %s is wrong: %j', (name, options) => {
    expect(() => resolve(options)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(name) }),
    )
  })

  it('needs a group that brokers accept', () => {
    expect(() => resolve({ consumerGroup: 'no group' })).toThrow(expect.objectContaining({ code: 'INVALID_GROUP' }))
  })
})

describe('checkedName', () => {
  it('lets one of the names pass, and names them all for another', () => {
    expect(checkedName('ordered', 'a', ['a', 'b'])).toBe('a')
    expect(() => checkedName('ordered', 'c', ['a', 'b'])).toThrow('ordered is c; it must be one of a, b')
  })
})
