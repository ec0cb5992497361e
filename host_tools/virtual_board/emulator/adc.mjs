// What the ADC's pins see: the models of the host are asked when a conversion begins.

const FIRST_PIN = 26;
const REFERENCE_VOLTS = 3.3;
const STEPS = 4096;
const TEMPERATURE = 4; // channel of the sensor on the chip
const TEMPERATURE_VOLTS = 0.706; // 27 degrees

export class AnalogSource {
  constructor(unit, pin) {
    this.unit = unit;
    this.channel = pin - FIRST_PIN;
    this.answer = 0; // the host's, in volts
  }
}

function convert(volts) {
  return Math.min(Math.max(Math.floor((volts * STEPS) / REFERENCE_VOLTS), 0), STEPS - 1);
}

export function watchAdc(adc, sources, link, nanos) {
  const convertChannel = adc.onADCRead;
  adc.channelValues[TEMPERATURE] = convert(TEMPERATURE_VOLTS);
  adc.onADCRead = (channel) => {
    const source = sources.find((candidate) => candidate.channel === channel);
    if (source) {
      link.ask('v', source.unit, nanos());
      adc.channelValues[channel] = convert(source.answer);
    }
    convertChannel(channel);
  };
}
