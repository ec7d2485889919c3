"""Limits and models of counts that several methods share."""
