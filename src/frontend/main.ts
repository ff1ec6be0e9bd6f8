import { serviceMain } from '../lib/service-main.ts';
import { readFrontendConfig } from './config.ts';
import { startFrontend } from './service.ts';

void serviceMain({ name: 'frontend', readConfig: readFrontendConfig, start: startFrontend });
