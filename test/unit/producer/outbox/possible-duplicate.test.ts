import { POSSIBLE_DUPLICATE, markedAsPossibleDuplicate } from '../../../../lib/producer/outbox/possible-duplicate'
import { isReservedProperty } from '../../../../lib/model/user-properties'
import { decodeProperties } from '../../../../lib/wire/properties'
import { prepare } from '../../../support/sender-setup'

describe('the mark of a possible duplicate', () => {
  it('is a property beside the others, under the same unique id', () => {
    const prepared = prepare({ tags: 'x' })
    const marked = markedAsPossibleDuplicate(prepared)
    expect(decodeProperties(marked.properties)).toMatchObject({
      TAGS: 'x',
      UNIQ_KEY: prepared.msgId,
      [POSSIBLE_DUPLICATE]: 'true',
    })
    expect(marked.msgId).toBe(prepared.msgId)
    expect(isReservedProperty(POSSIBLE_DUPLICATE)).toBe(false)
  })
})
