import { GroupOffsets } from '../../../lib/emulator/offsets'

describe('GroupOffsets', () => {
  it('keeps what was committed by group, topic and queue', () => {
    const offsets = new GroupOffsets()
    offsets.commit('g', 'Orders', { queueId: 1, offset: 5 })
    expect(offsets.query('g', 'Orders', 1)).toBe(5)
    expect(offsets.query('g', 'Orders', 0)).toBeUndefined()
    expect(offsets.query('g', 'Other', 1)).toBeUndefined()
    expect(offsets.query('h', 'Orders', 1)).toBeUndefined()
  })

  it('takes a commit that goes back, as brokers do', () => {
    const offsets = new GroupOffsets()
    offsets.commit('g', 'Orders', { queueId: 1, offset: 5 })
    offsets.commit('g', 'Orders', { queueId: 1, offset: 3 })
    expect(offsets.query('g', 'Orders', 1)).toBe(3)
  })

  it('keeps how far was pulled apart from what was committed', () => {
    const offsets = new GroupOffsets()
    offsets.commit('g', 'Orders', { queueId: 0, offset: 5 })
    expect(offsets.queryPulled('g', 'Orders', 0)).toBe(5)
    offsets.commitPulled('g', 'Orders', { queueId: 0, offset: 9 })
    expect([offsets.query('g', 'Orders', 0), offsets.queryPulled('g', 'Orders', 0)]).toEqual([5, 9])
  })

  it('tells of a reset once', () => {
    const offsets = new GroupOffsets()
    offsets.assignReset('g', 'Orders', { queueId: 0, offset: 2 })
    expect(offsets.hasReset('g', 'Orders', 0)).toBe(true)
    expect(offsets.query('g', 'Orders', 0)).toBe(2)
    expect(offsets.takeReset('g', 'Orders', 0)).toBe(2)
    expect(offsets.takeReset('g', 'Orders', 0)).toBeUndefined()
    expect(offsets.query('g', 'Orders', 0)).toBe(2)
  })

  it('lists the topics that a group has committed on', () => {
    const offsets = new GroupOffsets()
    offsets.commit('g', 'Orders', { queueId: 0, offset: 5 })
    offsets.commitPulled('g', 'Pulled', { queueId: 0, offset: 5 })
    expect(offsets.topicsOf('g')).toEqual(['Orders'])
    expect(offsets.topicsOf('nobody')).toEqual([])
  })

  it('deletes by group and by topic', () => {
    const offsets = new GroupOffsets()
    for (const group of ['g', 'h']) {
      for (const topic of ['Orders', 'Other']) offsets.commit(group, topic, { queueId: 0, offset: 5 })
    }
    offsets.deleteGroup('h')
    offsets.deleteTopic('Orders')
    expect([offsets.topicsOf('g'), offsets.topicsOf('h')]).toEqual([['Other'], []])
  })

  it('keeps only committed offsets over a restart', () => {
    const offsets = new GroupOffsets()
    offsets.commitPulled('g', 'Orders', { queueId: 0, offset: 9 })
    offsets.assignReset('g', 'Orders', { queueId: 0, offset: 2 })
    offsets.forgetUnsaved()
    expect(offsets.hasReset('g', 'Orders', 0)).toBe(false)
    expect(offsets.queryPulled('g', 'Orders', 0)).toBe(2)
  })
})
