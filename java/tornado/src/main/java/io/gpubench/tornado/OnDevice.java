package io.gpubench.tornado;
interface OnDevice { void toDevice(); void fromDevice(); DeviceProgram program(); }
