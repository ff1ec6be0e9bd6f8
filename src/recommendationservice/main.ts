import { serviceMain } from '../lib/process/service-main.ts';
import { readConfig } from './config.ts';
import { start } from './service.ts';

void serviceMain({
  name: 'recommendationservice',
  readConfig,
  start,
});
