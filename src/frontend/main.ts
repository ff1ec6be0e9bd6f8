import { serviceMain } from '../lib/process/service-main.ts';
import { readFrontendConfig } from './config.ts';
import { startFrontend } from './service.ts';

void serviceMain({ name: 'frontend', isEdge: true, readConfig: readFrontendConfig, start: startFrontend });
