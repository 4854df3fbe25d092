import {
  PERM,
  isAccessible,
  isInherited,
  isPriority,
  isReadable,
  isValidPerm,
  isWritable,
  permText,
} from '../../../lib/model/perm'

describe('permissions', () => {
  it('are read bit by bit', () => {
    const readings = [isReadable, isWritable, isInherited, isPriority].map(has =>
      [PERM.READ, PERM.WRITE, PERM.INHERIT, PERM.PRIORITY].map(has),
    )
    expect(readings).toEqual([
      [true, false, false, false],
      [false, true, false, false],
      [false, false, true, false],
      [false, false, false, true],
    ])
  })

  it.each([
    [0, '---'],
    [4, 'R--'],
    [2, '-W-'],
    [6, 'RW-'],
    [7, 'RWX'],
  ])('%i reads %s', (perm, text) => {
    expect(permText(perm)).toBe(text)
  })

  it('are of use where the topic can be read or written', () => {
    expect([0, 1, 2, 4, 6].map(isAccessible)).toEqual([false, false, true, true, true])
  })

  it('are valid from 0 to 7', () => {
    expect([-1, 0, 7, 8].map(isValidPerm)).toEqual([false, true, true, false])
  })
})
