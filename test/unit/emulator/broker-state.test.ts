import { BrokerState } from '../../../lib/emulator/broker-state'
import { topicConfig } from '../../../lib/emulator/topics'
import { STATE_OPTIONS, sharedParts } from '../../support/emulator-parts'

describe('BrokerState', () => {
  it('tells whoever listens at the time of topics that change', () => {
    const state = new BrokerState({ ...sharedParts(), ...STATE_OPTIONS })
    state.topics.put(topicConfig('Before', 1))
    const heard: string[] = []
    state.onTopicChanged = ({ topicName }) => void heard.push(topicName)
    state.topics.put(topicConfig('Orders', 1))
    expect(heard).toEqual(['Orders'])
  })

  it('follows the options on topics and groups that nobody created', () => {
    const shared = sharedParts()
    const state = new BrokerState({ ...shared, ...STATE_OPTIONS, autoCreateGroup: false, autoCreateTopic: false })
    expect([state.groups.find('g'), state.topics.get('TBW102')]).toEqual([undefined, undefined])
  })

  it('refuses delay levels that are none', () => {
    expect(() => new BrokerState({ ...sharedParts(), ...STATE_OPTIONS, delayLevels: '1x' })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    )
  })
})
