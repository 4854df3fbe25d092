import { ConsumerGroups, groupConfig } from '../../../lib/emulator/groups'

describe('ConsumerGroups', () => {
  it('makes a group when its first consumer comes', () => {
    const groups = new ConsumerGroups({ autoCreate: true, checksNames: true })
    expect(groups.has('billing')).toBe(false)
    expect(groups.find('billing')).toEqual(groupConfig('billing'))
    expect(groups.has('billing')).toBe(true)
  })

  it('keeps the settings of a group that was created', () => {
    const groups = new ConsumerGroups({ autoCreate: true, checksNames: true })
    groups.put(groupConfig('billing', { retryMaxTimes: 2 }))
    expect(groups.find('billing')?.retryMaxTimes).toBe(2)
    groups.delete('billing')
    expect(groups.find('billing')?.retryMaxTimes).toBe(16)
  })

  it('makes none with a wrong name where names are checked', () => {
    const name = 'x'.repeat(256)
    expect(new ConsumerGroups({ autoCreate: true, checksNames: true }).find(name)).toBeUndefined()
    expect(new ConsumerGroups({ autoCreate: true, checksNames: false }).find(name)).toBeDefined()
  })

  it('makes none where that is forbidden, but for groups of the system in 4.9', () => {
    const five = new ConsumerGroups({ autoCreate: false, checksNames: true })
    const four = new ConsumerGroups({ autoCreate: false, checksNames: false })
    expect([five.find('billing'), four.find('billing')]).toEqual([undefined, undefined])
    expect([five.find('CID_RMQ_SYS_x'), four.find('CID_RMQ_SYS_x') !== undefined]).toEqual([undefined, true])
    expect(five.find('TOOLS_CONSUMER')).toBeDefined()
  })
})
