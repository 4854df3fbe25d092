import { RequestModes } from '../../../../lib/emulator/pop/request-modes'

describe('RequestModes', () => {
  it('keep the last mode of a topic and group', () => {
    const modes = new RequestModes()
    const mode = { topic: 'T', consumerGroup: 'g', mode: 'POP', popShareQueueNum: 0 } as const
    modes.set({ ...mode, popShareQueueNum: 3 })
    modes.set(mode)
    expect([modes.get('T', 'g'), modes.get('T', 'h'), modes.get('U', 'g')]).toEqual([mode, undefined, undefined])
  })
})
