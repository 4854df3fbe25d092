import { tooLarge, unreadable } from '../../../lib/wire/unreadable'

describe('what a stored message that cannot be decoded fails with', () => {
  it('has the code MESSAGE_UNREADABLE and keeps its cause', () => {
    const cause = new Error('cut')
    const error = unreadable('the body is cut', cause)
    expect(error).toMatchObject({ code: 'MESSAGE_UNREADABLE', message: 'the body is cut', cause, retriable: false })
  })

  it('has no cause where there is none', () => {
    expect('cause' in unreadable('no cause')).toBe(false)
  })

  it('names the limit that an inflated body would pass', () => {
    expect(tooLarge(1024)).toMatchObject({ code: 'MESSAGE_UNREADABLE', message: expect.stringContaining('1024 bytes') })
  })
})
