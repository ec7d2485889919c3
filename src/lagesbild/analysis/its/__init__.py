"""Interrupted time series: did the series change its course when the measure came?"""
